using LiveMigration.Core.Drivers;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Says of everything that ties a guest to a host whether there is a counterpart. Pure. Each refusal names the thing and
/// what helps; what is not known to be missing is never refused.
/// </summary>
internal static class HostBoundPolicy
{
    /// <summary>What keeps the guest where it is, whatever the destination.</summary>
    public static IReadOnlyList<string> Anywhere(GuestBindings guest) =>
    [
        .. guest.Obstacles.Select(Explain),
        .. guest.Elements.OfType<Immovable>().Select(element => $"{element.Name} exists on its host alone: {element.Why}"),
    ];

    /// <summary>What the destination lacks.</summary>
    public static IReadOnlyList<string> At(string destination, GuestBindings guest, HostOffer offer)
    {
        if (offer.MachineRefusal is { } refusal)
        {
            // Without its machine nothing else matters, and little of it could be asked for.
            return [$"{destination} can't run machine type {guest.Machine} ({guest.VirtType}, {guest.Arch}): {refusal}"];
        }

        return [.. guest.Elements.Select(element => Lack(destination, element, offer)).OfType<string>()];
    }

    private static string? Lack(string destination, HostBound element, HostOffer offer) => element switch
    {
        BoundFile file when !offer.Files.Contains(file.Path, StringComparer.Ordinal) =>
            $"{destination} has no file {file.Path} ({file.Name}). Put it there, or on storage that both hosts share",
        BoundFolder folder when !offer.Folders.Contains(folder.Folder, StringComparer.Ordinal) =>
            $"{destination} has no folder {folder.Folder} ({folder.Name}). Make it there",
        BoundSecret secret when !offer.Secrets.Contains(secret.Key, StringComparer.Ordinal) =>
            $"{destination} has no secret {secret.Key} ({secret.Name}). Define it there with virsh secret-define and secret-set-value",
        BoundProcessors pins when pins.Ids.Except(offer.Processors).ToList() is { Count: > 0 } missing =>
            $"{destination} has no processor {List(missing)} ({pins.Name}). Pin the guest to processors that both hosts have",
        BoundCells cells when cells.Ids.Except(offer.Cells).ToList() is { Count: > 0 } missing =>
            $"{destination} has no NUMA cell {List(missing)} ({cells.Name}). Bind the guest to cells that both hosts have",
        BoundHugePages pages => LackOfPages(destination, pages, offer),
        BoundTpm tpm when !offer.EmulatesTpm => $"{destination} can't emulate {tpm.Name}. Install swtpm there",
        _ => null,
    };

    private static string? LackOfPages(string destination, BoundHugePages pages, HostOffer offer)
    {
        var size = pages.PageKiB == 0 ? "of its default size" : $"of {pages.PageKiB} KiB";
        var free = offer.FreeHugePagesMiB.GetValueOrDefault(pages.PageKiB);
        return free >= pages.MemoryMiB
            ? null
            : $"{destination} has {free} MiB free in huge pages {size}, {pages.MemoryMiB} MiB are needed ({pages.Name}). "
                + "Reserve more there (vm.nr_hugepages)";
    }

    private static string Explain(MoveObstacle obstacle) => obstacle.Kind switch
    {
        ObstacleKind.Snapshot => $"the guest has a snapshot {obstacle.Name}, which libvirt does not move. Delete it first",
        ObstacleKind.Checkpoint => $"the guest has a checkpoint {obstacle.Name}, which would be lost: libvirt moves guests without them. Delete it first",
        ObstacleKind.BlockJob => $"a block job works on disk {obstacle.Name}. Let it end, or abort it, first",
        ObstacleKind.Job => $"the guest is busy ({obstacle.Name}). Let that end first",
        ObstacleKind.ManagedSave => "the host keeps a saved state of the guest, which would be left behind. Remove it first (virsh managedsave-remove)",
        _ => $"{obstacle.Kind} {obstacle.Name}",
    };

    private static string List(IEnumerable<int> ids) => string.Join(", ", ids.Order());
}
