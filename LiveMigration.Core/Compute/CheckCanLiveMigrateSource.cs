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

    internal sealed class Handler(IComputeDriver driver, IDiskImages images, InstanceActionLog actions) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) => actions.RecordAsync(
            request.RequestId, "compute_check_can_live_migrate_source", request.Source, () => CheckAsync(request, ct), ct);

        private async Task<Response> CheckAsync(Request request, CancellationToken ct)
        {
            var shared = await SharedFoldersAsync(request, ct);
            return new Response(await DecideAsync(request, shared, ct));
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

        private async Task<MigrateData> DecideAsync(Request request, HashSet<string> shared, CancellationToken ct)
        {
            var notShared = DiskPlan.NotShared(request.Guest, shared);
            if (notShared.Count == 0)
            {
                return request.BlockMigration == BlockMigration.Yes
                    ? throw new InvalidLocalStorage(request.Source, "Block migration can not be used with shared storage.")
                    : new MigrateData(SharedStorage: true, CopyDisks: []);
            }

            if (request.BlockMigration == BlockMigration.No)
            {
                var disks = string.Join(", ", notShared.Select(disk => $"{disk.Target} ({disk.Path})"));
                throw new InvalidSharedStorage(
                    request.Source,
                    "Shared storage live-migration requires either shared storage or boot-from-volume with no local disks. "
                    + $"Not shared: {disks}");
            }

            var files = DiskPlan.Of(notShared, shared, request.Probe.MissingFolders);
            return new MigrateData(SharedStorage: false, [.. files.Where(file => !file.ReadOnly).Select(file => file.Target)])
            {
                Files = await Task.WhenAll(files.Select(file => WithFactsAsync(request.Source, file, ct))),
            };
        }

        private async Task<DiskFile> WithFactsAsync(string source, DiskFile file, CancellationToken ct)
        {
            var image = await images.FindAsync(source, file.Path, ct)
                ?? throw new MigrationPreCheckError($"{file.Target} ({file.Path}) is not found on {source}, though the guest has it open.");
            if (file.ReadOnly)
            {
                return file with { CapacityBytes = image.FileBytes, AllocationBytes = image.FileBytes };
            }

            var written = file with
            {
                AllocationBytes = Math.Max(file.AllocationBytes, image.AllocationBytes),
                // The header of a raw disk belongs to the guest, and is no word of ours.
                Compat = file.Format == "qcow2" ? image.Details.Compat : null,
                ClusterBytes = file.Format == "qcow2" ? image.Details.ClusterBytes : null,
            };

            // It will have all its room at the destination, so that is what must be free there.
            return written.IsFull ? written with { AllocationBytes = Math.Max(written.AllocationBytes, written.CapacityBytes) } : written;
        }
    }
}
