using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What a transfer is started with besides its flags.</summary>
internal static class MigrationParameters
{
    private const string Bandwidth = "bandwidth";
    private const string MigrateUri = "migrate_uri";
    private const string MigrateDisks = "migrate_disks";

    /// <summary>The caller disposes of it after the call.</summary>
    internal static TypedParameters Of(TransferRequest request, HostOptions destination)
    {
        var parameters = new TypedParameters();
        parameters.Add(Bandwidth, (ulong)request.BandwidthMiBps);
        if (destination.MigrationAddress is { } address)
            parameters.Add(MigrateUri, ConnectionUri.ForMemory(address));
        foreach (var disk in request.CopyDisks)
            parameters.Add(MigrateDisks, disk);
        return parameters;
    }
}
