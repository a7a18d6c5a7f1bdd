using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What ties guests to hosts, by libvirt: definitions on one side, capabilities, secrets and folders on the other.</summary>
public sealed class LibvirtBindings(LibvirtDriver driver) : IHostBindings
{
    /// <inheritdoc/>
    public Task<GuestBindings> ReadAsync(string host, Guid guest, CancellationToken ct) =>
        driver.ConnectionOf(host).CallAsync(connection => Read(connection, guest), ct, guest);

    /// <inheritdoc/>
    public async Task<HostOffer> OfferAsync(string host, GuestBindings guest, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(guest);
        var asking = driver.ConnectionOf(host).CallAsync(connection => HostOfferReader.Read(connection, guest), ct);
        var looking = LookAsync(new StorageProbe(driver.FoldersOf(host)), guest, ct);
        await Task.WhenAll(asking, looking);
        var (files, folders) = await looking;
        return await asking with { Files = files, Folders = folders };
    }

    private static GuestBindings Read(LibvirtConnection connection, Guid guest)
    {
        using var domain = connection.LookupDomain(guest);
        var definition = GuestXml.Parse(domain.GetMigratableXml());
        var description = GuestXml.Describe(definition);
        return new GuestBindings(
            description.VirtType,
            description.Arch,
            description.Machine,
            (string?)definition.Element("devices")?.Element("emulator"),
            [.. HostBoundXml.Elements(definition).Distinct()],
            Obstacles(domain, description));
    }

    private static IReadOnlyList<MoveObstacle> Obstacles(LibvirtDomain domain, GuestDescription guest)
    {
        List<MoveObstacle> obstacles =
        [
            .. domain.ListSnapshots().Select(name => new MoveObstacle(ObstacleKind.Snapshot, name)),
            .. domain.ListCheckpoints().Select(name => new MoveObstacle(ObstacleKind.Checkpoint, name)),
        ];
        if (domain.HasManagedSave)
            obstacles.Add(new MoveObstacle(ObstacleKind.ManagedSave, ""));
        var busy = guest.Disks.Where(disk => !disk.ReadOnly && disk.Device is "disk" && domain.HasBlockJob(disk.Target));
        obstacles.AddRange(busy.Select(disk => new MoveObstacle(ObstacleKind.BlockJob, disk.Target)));
        if (JobStatsReader.Current(domain).State == JobState.Active)
            obstacles.Add(new MoveObstacle(ObstacleKind.Job, "a save, a dump, a backup or another move"));
        return obstacles;
    }

    /// <summary>One visit to each folder: a visit may mean a storage pool made for the moment.</summary>
    private static async Task<(IReadOnlyCollection<string> Files, IReadOnlyCollection<string> Folders)> LookAsync(
        StorageProbe host, GuestBindings guest, CancellationToken ct)
    {
        List<string> files = [];
        List<string> folders = [];
        foreach (var wanted in guest.Elements.SelectMany(Wanted).ToLookup(path => path.Folder, StringComparer.Ordinal))
        {
            var names = wanted.Select(path => path.Name).OfType<string>().Distinct(StringComparer.Ordinal);
            if (await host.LookAsync(wanted.Key, names, ct) is not { } found)
                continue;
            folders.Add(wanted.Key);
            files.AddRange(found.Select(name => Path.Join(wanted.Key, name)));
        }

        return (files, folders);
    }

    private static IEnumerable<(string Folder, string? Name)> Wanted(HostBound element) => element switch
    {
        BoundFile file => [(Path.GetDirectoryName(file.Path) ?? "/", Path.GetFileName(file.Path))],
        BoundFolder folder => [(folder.Folder, null)],
        _ => [],
    };
}
