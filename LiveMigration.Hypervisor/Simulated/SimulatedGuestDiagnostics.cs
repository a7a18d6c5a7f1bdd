using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>What a simulated cloud counts of its guests: how long they exist, and nothing else.</summary>
public sealed class SimulatedGuestDiagnostics(SimulatedCloud cloud) : IGuestDiagnostics
{
    /// <inheritdoc/>
    public Task<GuestCounters> ReadAsync(string host, Guid guest, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.ReadCounters, h => Read(h, guest), ct);

    private GuestCounters Read(CloudHost host, Guid guest)
    {
        var seen = cloud.CopyOf(host, guest);
        if (seen.State is GuestState.Off or GuestState.Suspended or GuestState.Crashed)
            throw new HypervisorRefused(host.Name, "Requested operation is not valid: domain is not running");
        var options = seen.Guest.Options;
        var none = new PacketCounters(0, 0, 0, 0);
        return new GuestCounters(
            seen.State,
            [.. Enumerable.Repeat((long)cloud.Elapsed.TotalNanoseconds, options.Vcpus)],
            [.. options.Disks.Select(disk => new DiskCounters(disk.Target, 0, 0, 0, 0))],
            [.. seen.Interfaces.Select((nic, number) => new InterfaceCounters(nic.Tap ?? $"vnet{number}", nic.Mac, none, none))],
            options.MemoryMiB * 1024,
            options.MemoryMiB * 1024,
            options.MemoryMiB * 1024);
    }
}
