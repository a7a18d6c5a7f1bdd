using LiveMigration.Hypervisor.Libvirt;

namespace LiveMigration.Hypervisor.Volumes;

/// <summary>Where storage servers see a host come from.</summary>
internal static class InitiatorAddress
{
    internal static string Of(HostOptions host) =>
        host.InitiatorAddress ?? host.MigrationAddress ?? (Uri.TryCreate(host.Uri, UriKind.Absolute, out var uri) ? uri.Host.Trim('[', ']') : "");
}
