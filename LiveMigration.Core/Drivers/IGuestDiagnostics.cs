namespace LiveMigration.Core.Drivers;

/// <summary>Looks into a running guest.</summary>
public interface IGuestDiagnostics
{
    /// <summary>The counters of a guest. Errors as those of <see cref="IComputeDriver"/>.</summary>
    Task<GuestCounters> ReadAsync(string host, Guid guest, CancellationToken ct);
}

/// <summary>What a host counts of a guest.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="ProcessorTimes">Time of each processor, ns.</param>
/// <param name="Disks">Its disks.</param>
/// <param name="Interfaces">Its network interfaces.</param>
/// <param name="MemoryKiB">Memory at most, KiB.</param>
/// <param name="MemoryUsedKiB">Memory it has now, KiB.</param>
/// <param name="ResidentKiB">Memory of its process, KiB.</param>
public sealed record GuestCounters(
    GuestState State,
    IReadOnlyList<long> ProcessorTimes,
    IReadOnlyList<DiskCounters> Disks,
    IReadOnlyList<InterfaceCounters> Interfaces,
    long MemoryKiB,
    long MemoryUsedKiB,
    long ResidentKiB);

/// <summary>What a host counts of a disk.</summary>
/// <param name="Name">The guest's name of it, <c>vda</c>.</param>
/// <param name="ReadRequests">Reads.</param>
/// <param name="ReadBytes">Bytes read.</param>
/// <param name="WriteRequests">Writes.</param>
/// <param name="WriteBytes">Bytes written.</param>
public sealed record DiskCounters(string Name, long ReadRequests, long ReadBytes, long WriteRequests, long WriteBytes);

/// <summary>What a host counts of an interface, seen from the guest.</summary>
/// <param name="Name">The host's end of it, <c>vnet0</c>.</param>
/// <param name="Mac">Its address.</param>
/// <param name="Received">What the guest got.</param>
/// <param name="Sent">What it sent.</param>
public sealed record InterfaceCounters(string Name, string Mac, PacketCounters Received, PacketCounters Sent);

/// <summary>Packets in one direction.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Packets">Packets.</param>
/// <param name="Errors">Broken ones.</param>
/// <param name="Dropped">Dropped ones.</param>
public sealed record PacketCounters(long Bytes, long Packets, long Errors, long Dropped);
