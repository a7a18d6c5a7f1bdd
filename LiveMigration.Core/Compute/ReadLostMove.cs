using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Reads from both hosts what a migration was about whose record was lost: where it stands, and what it has made. Only what
/// carries its mark is counted as its own; what can't be told from what was there before is left alone.
/// </summary>
public static class ReadLostMove
{
    /// <param name="Instance">The guest.</param>
    /// <param name="Mark">The mark that it carries.</param>
    public sealed record Request(Guid Instance, MigrationMark Mark) : IRequest<Response>;

    /// <param name="Observation">What became of the transfer.</param>
    /// <param name="Data">The files that it has brought to the destination, and the guest's volumes.</param>
    /// <param name="Rules">The filtering rules that the guest names.</param>
    public sealed record Response(PivotObservation Observation, MigrateData Data, IReadOnlyList<string> Rules);

    internal sealed class Handler(IMediator mediator, IComputeDriver driver, IDiskImages images, IVolumeService volumes)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var mark = request.Mark;
            var found = await mediator.Send(
                new FindRunningDomain.Request(request.Instance, mark.Source, mark.Destination, mark.Migration), ct);
            if (found.Observation == PivotObservation.Unknown)
            {
                return new Response(found.Observation, new MigrateData(SharedStorage: true, []), []);
            }

            var home = await driver.FindGuestAsync(mark.Source, request.Instance, ct) is null ? mark.Destination : mark.Source;
            var guest = await driver.DescribeGuestAsync(home, request.Instance, ct);
            var files = await FilesAsync(guest, mark, ct);
            var data = new MigrateData(files.Count == 0, [.. files.Where(file => !file.ReadOnly).Select(file => file.Target).Distinct(StringComparer.Ordinal)])
            {
                Files = files,
                Volumes = Attachments(guest),
            };
            return new Response(
                found.Observation, data, [.. guest.Interfaces.Select(nic => nic.Rule).OfType<string>().Distinct(StringComparer.Ordinal)]);
        }

        private async Task<IReadOnlyList<DiskFile>> FilesAsync(GuestDescription guest, MigrationMark mark, CancellationToken ct)
        {
            var marked = new List<DiskFile>();
            foreach (var folder in Files(guest).DistinctBy(file => file.Path, StringComparer.Ordinal).GroupBy(file => file.Folder, StringComparer.Ordinal))
            {
                var names = await images.ListAsync(mark.Destination, folder.Key, DiskMarks.Prefix, ct);
                marked.AddRange(folder.Where(file => DiskMarks.OwnersOf(file, names).Contains(mark.Migration)));
            }

            return [.. marked.OrderBy(file => file.Path, StringComparer.Ordinal)];
        }

        private static IEnumerable<DiskFile> Files(GuestDescription guest) => guest.Disks
            .Where(disk => disk.SourceType == "file" && disk.Path is not null)
            .SelectMany(disk => disk.Backing.Where(layer => layer.Path is not null)
                .Select(layer => new DiskFile(disk.Target, layer.Path!, layer.Format, ReadOnly: true, 0, 0))
                .Prepend(new DiskFile(disk.Target, disk.Path!, disk.Format, disk.ReadOnly, disk.CapacityBytes, disk.AllocationBytes)));

        /// <summary>Whether the destination had been let in before is not known any more: a rollback leaves its access as it is.</summary>
        private IReadOnlyList<VolumeAttachment> Attachments(GuestDescription guest) =>
        [
            .. guest.Disks.Select(disk => (disk.Target, Volume: volumes.Find(disk))).Where(disk => disk.Volume is not null)
                .GroupBy(disk => disk.Volume!)
                .Select(volume => new VolumeAttachment(
                    volume.Key, [.. volume.Select(disk => disk.Target)], SourceHadAccess: true, DestinationWasGranted: true)),
        ];
    }
}
