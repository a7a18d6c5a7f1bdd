using LiveMigration.Core.Actions;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Seed step 5. The source looks for the destination's probe and decides what is to become of local disks.</summary>
public static class CheckCanLiveMigrateSource
{
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Source">Where the guest runs.</param>
    /// <param name="Guest">What it is made of.</param>
    /// <param name="Probe">What the destination has made.</param>
    /// <param name="BlockMigration">What was asked for.</param>
    public sealed record Request(
        string RequestId, string Source, GuestDescription Guest, StorageProbe Probe, BlockMigration BlockMigration) : IRequest<Response>;

    /// <param name="MigrateData">What the later steps need.</param>
    public sealed record Response(MigrateData MigrateData);

    internal sealed class Handler(IComputeDriver driver, InstanceActionLog actions) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) => actions.RecordAsync(
            request.RequestId, "compute_check_can_live_migrate_source", request.Source, () => CheckAsync(request, ct), ct);

        private async Task<Response> CheckAsync(Request request, CancellationToken ct)
        {
            var shared = await SharedFoldersAsync(request, ct);
            return new Response(Decide(request, shared));
        }

        private async Task<HashSet<string>> SharedFoldersAsync(Request request, CancellationToken ct)
        {
            HashSet<string> shared = new(StringComparer.Ordinal);
            foreach (var folder in request.Probe.Folders)
            {
                if (await driver.SeesStorageProbeAsync(request.Source, folder, request.Probe.Name, ct))
                {
                    shared.Add(folder);
                }
            }

            return shared;
        }

        private static MigrateData Decide(Request request, HashSet<string> shared)
        {
            var mustExist = request.Guest.Disks.Where(disk => disk.SourceType is "file" or "block" && disk.Path is not null).ToList();
            var notShared = mustExist
                .Where(disk => disk.SourceType == "block" || !shared.Contains(Path.GetDirectoryName(disk.Path)!))
                .ToList();
            if (notShared.Count == 0)
            {
                return request.BlockMigration == BlockMigration.Yes
                    ? throw new InvalidLocalStorage(request.Source, "Block migration can not be used with shared storage.")
                    : new MigrateData(SharedStorage: true, CopyDisks: []);
            }

            var disks = string.Join(", ", notShared.Select(disk => $"{disk.Target} ({disk.Path})"));
            if (request.BlockMigration == BlockMigration.No)
            {
                throw new InvalidSharedStorage(
                    request.Source,
                    "Shared storage live-migration requires either shared storage or boot-from-volume with no local disks. "
                    + $"Not shared: {disks}");
            }

            // Copying disks is the next widening of the workflow; until then it is refused before anything is touched.
            throw new MigrationPreCheckError(
                $"the destination does not share {disks}, and this version does not copy disks. "
                + "Move the disks to storage that both hosts share.");
        }
    }
}
