using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 5, of volumes: which of the guest's disks are volumes, and who has access to them before anything is touched.
/// That is written down before the first access is opened, so that a rollback can tell what this migration opened.
/// </summary>
public static class CheckVolumeConnections
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Guest">What the guest is made of.</param>
    /// <param name="Source">Where it runs.</param>
    /// <param name="Destination">Where it is to go.</param>
    public sealed record Request(int MigrationId, GuestDescription Guest, string Source, string Destination) : IRequest<Response>;

    /// <param name="Volumes">The volumes; none when all disks can be used from anywhere.</param>
    public sealed record Response(IReadOnlyList<VolumeAttachment> Volumes);

    internal sealed class Handler(IVolumeService volumes, VolumeNeeds needs, IDbContextFactory<ControlPlaneDbContext> contexts)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var attachments = new List<VolumeAttachment>();
            foreach (var disks in request.Guest.Disks.ToLookup(volumes.Find, disk => disk.Target))
            {
                if (disks.Key is { } volume)
                {
                    attachments.Add(await AttachmentAsync(request, volume, [.. disks], ct));
                }
            }

            return new Response(attachments);
        }

        private async Task<VolumeAttachment> AttachmentAsync(
            Request request, Volume volume, IReadOnlyList<string> disks, CancellationToken ct)
        {
            var connected = await volumes.ListConnectionsAsync(volume, ct);
            var granted = connected.Contains(request.Destination, StringComparer.Ordinal)
                && !await LeftByAMigrationAsync(volume, request.Destination, ct)
                && await needs.FindAsync(volume, request.Destination, request.MigrationId, request.Guest.Uuid, ct) is null;
            return new VolumeAttachment(volume, disks, connected.Contains(request.Source, StringComparer.Ordinal), granted);
        }

        private async Task<bool> LeftByAMigrationAsync(Volume volume, string host, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var left = await db.PendingCleanups.AsNoTracking()
                .Where(row => row.Host == host)
                .Join(db.Migrations, row => row.MigrationId, row => row.Id, (_, migration) => migration.SagaState)
                .ToListAsync(ct);
            return left.Exists(state => RecordedVolumes.Of(state).Any(attachment => attachment.Volume == volume));
        }
    }
}
