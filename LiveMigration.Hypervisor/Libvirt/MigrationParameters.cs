using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What a transfer is started with besides its flags. libvirt refuses a parameter whose flag is missing.</summary>
internal static class MigrationParameters
{
    private const string Bandwidth = "bandwidth";
    private const string PostCopyBandwidth = "bandwidth.postcopy";
    private const string MigrateUri = "migrate_uri";
    private const string MigrateDisks = "migrate_disks";
    private const string Compression = "compression";
    private const string Connections = "parallel.connections";
    private const string ThrottleInitial = "auto_converge.initial";
    private const string ThrottleIncrement = "auto_converge.increment";
    private const string DestinationXml = "destination_xml";
    private const string PersistentXml = "persistent_xml";

    /// <summary>The caller disposes of it after the call.</summary>
    internal static TypedParameters Of(TransferRequest request, HostOptions destination)
    {
        var parameters = new TypedParameters();
        AddStream(parameters, request, destination);
        if (request.Resume)
            return parameters;
        foreach (var disk in request.CopyDisks)
            parameters.Add(MigrateDisks, disk);
        if (request.ParallelConnections > 1)
            parameters.Add(Connections, request.ParallelConnections);
        if (request.Compression is { } compression)
            parameters.Add(Compression, compression);
        AddThrottle(parameters, request);
        return parameters;
    }

    private static void AddStream(TypedParameters parameters, TransferRequest request, HostOptions destination)
    {
        parameters.Add(Bandwidth, (ulong)request.BandwidthMiBps);
        if (request.PermitPostCopy && request.PostCopyBandwidthMiBps > 0)
            parameters.Add(PostCopyBandwidth, (ulong)request.PostCopyBandwidthMiBps);

        // A tunnelled stream has no address of its own: libvirt refuses one.
        if (!request.Tunnelled && (request.MigrationAddress ?? destination.MigrationAddress) is { } address)
            parameters.Add(MigrateUri, ConnectionUri.ForMemory(address));
    }

    private static void AddThrottle(TypedParameters parameters, TransferRequest request)
    {
        if (!request.AutoConverge || request.PermitPostCopy)
            return;
        if (request.AutoConvergeInitialPercent > 0)
            parameters.Add(ThrottleInitial, request.AutoConvergeInitialPercent);
        if (request.AutoConvergeIncrementPercent > 0)
            parameters.Add(ThrottleIncrement, request.AutoConvergeIncrementPercent);
    }

    /// <summary>The definitions to use over there instead of the guest's own.</summary>
    internal static void AddDefinitions(this TypedParameters parameters, string running, string persistent)
    {
        parameters.Add(DestinationXml, running);
        parameters.Add(PersistentXml, persistent);
    }
}
