using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>One peer-to-peer transfer, from its call to its return. Blocks for as long as that takes.</summary>
internal static class Transfer
{
    internal static void Run(LibvirtConnection connection, Guid guest, TransferRequest request, HostOptions destination)
    {
        using var domain = connection.LookupDomain(guest);

        // QEMU keeps the limit for the transfer to come; set later it would race with a guest that is quickly copied.
        if (!request.Resume && request.InitialDowntime is { } downtime)
            domain.SetMaxDowntime(downtime);
        using var parameters = MigrationParameters.Of(request, destination);
        AddDefinitions(domain, request.Changes, parameters);
        domain.MigrateToUri(ConnectionUri.ForPeer(destination.Uri), parameters, MigrationFlags.Of(request));
    }

    /// <summary>Only where something differs: reading and checking definitions costs a move time.</summary>
    private static void AddDefinitions(LibvirtDomain domain, DestinationChanges changes, TypedParameters parameters)
    {
        if (changes.AreNone)
            return;

        // Two of them, because what was changed for the guest's next start must not be lost on the way.
        var running = DestinationXml.Of(domain.GetMigratableXml(persistent: false), changes);
        var persistent = DestinationXml.Of(domain.GetMigratableXml(persistent: true), changes);
        parameters.AddDefinitions(running, persistent);
    }
}
