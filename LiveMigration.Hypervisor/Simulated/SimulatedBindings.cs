using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>What ties simulated guests to simulated hosts: both are told by their options.</summary>
public sealed class SimulatedBindings(SimulatedCloud cloud) : IHostBindings
{
    /// <inheritdoc/>
    public Task<GuestBindings> ReadAsync(string host, Guid guest, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.ReadBindings, h => Read(cloud.CopyOf(h, guest)), ct);

    /// <inheritdoc/>
    public Task<HostOffer> OfferAsync(string host, GuestBindings guest, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(guest);
        return cloud.CallAsync(host, SimulatedOperation.OfferOfHost, h => Offer(h, guest), ct);
    }

    private static GuestBindings Read(GuestCopy copy)
    {
        var options = copy.Guest.Options;
        var obstacles = copy.Transfer is null ? copy.Guest.Obstacles : [.. copy.Guest.Obstacles, new MoveObstacle(ObstacleKind.Job, "another move")];
        return new GuestBindings(options.VirtType, options.Arch, options.Machine, options.Emulator, options.Bound, [.. obstacles]);
    }

    private HostOffer Offer(CloudHost host, GuestBindings guest)
    {
        if (Obstacles.OfMachine(host, guest.Machine) is { } refusal) return new HostOffer { MachineRefusal = refusal };
        var options = host.Options;
        return new HostOffer
        {
            Files = [.. guest.Elements.OfType<BoundFile>().Select(file => file.Path).Where(path => cloud.HasFile(host, path))],
            Folders = [.. guest.Elements.OfType<BoundFolder>().Select(folder => folder.Folder).Where(folder => host.StorageOf(folder) is not null)],
            Secrets = [.. guest.Elements.OfType<BoundSecret>().Select(secret => secret.Key).Intersect(options.Secrets, StringComparer.Ordinal)],
            Processors = [.. Enumerable.Range(0, options.Vcpus)],
            Cells = [.. Enumerable.Range(0, options.Cells)],
            FreeHugePagesMiB = options.FreeHugePagesMiB,
            EmulatesTpm = options.EmulatesTpm,
        };
    }
}
