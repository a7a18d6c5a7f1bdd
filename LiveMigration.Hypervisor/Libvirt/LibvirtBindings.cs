using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What ties guests to hosts, by libvirt: definitions on one side, capabilities, secrets and folders on the other.</summary>
public sealed class LibvirtBindings(LibvirtDriver driver, TimeProvider time) : IHostBindings
{
    private readonly SeenPaths _seen = new(time);

    /// <inheritdoc/>
    public Task<GuestBindings> ReadAsync(string host, Guid guest, CancellationToken ct) =>
        driver.ConnectionOf(host).CallAsync(connection => Read(connection, guest), ct, guest);

    /// <inheritdoc/>
    public async Task<HostOffer> OfferAsync(string host, GuestBindings guest, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(guest);
        var asking = driver.ConnectionOf(host).CallAsync(connection => HostOfferReader.Read(connection, guest), ct);
        var looking = LookAsync(host, guest, ct);
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

    private static List<MoveObstacle> Obstacles(LibvirtDomain domain, GuestDescription guest)
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
    private async Task<(IReadOnlyCollection<string> Files, IReadOnlyCollection<string> Folders)> LookAsync(
        string host, GuestBindings guest, CancellationToken ct)
    {
        var wanted = guest.Elements.SelectMany(Wanted).Distinct().ToList();
        var unseen = wanted.Where(path => !_seen.Knows(host, PathOf(path)));
        foreach (var folder in unseen.ToLookup(path => path.Folder, StringComparer.Ordinal))
        {
            if (await new StorageProbe(driver.FoldersOf(host)).LookAsync(folder.Key, folder.Select(path => path.Name).OfType<string>(), ct) is not { } found)
                continue;
            _seen.Note(host, folder.Key);
            foreach (var name in found)
                _seen.Note(host, Path.Join(folder.Key, name));
        }

        var there = wanted.Where(path => _seen.Knows(host, PathOf(path))).ToLookup(path => path.Name is not null, PathOf);
        return ([.. there[true]], [.. there[false]]);
    }

    private static string PathOf((string Folder, string? Name) path) => path.Name is null ? path.Folder : Path.Join(path.Folder, path.Name);

    private static IEnumerable<(string Folder, string? Name)> Wanted(HostBound element) => element switch
    {
        BoundFile file => [(Path.GetDirectoryName(file.Path) ?? "/", Path.GetFileName(file.Path))],
        BoundFolder folder => [(folder.Folder, null)],
        _ => [],
    };
}
