using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Scheduler;

/// <summary>
/// Seed step 5, free disk: the destination has the room for what will be copied, counting what other moves were promised
/// there, and promises it. What a move has copied already counts twice while it runs: rather too little than too much.
/// </summary>
public static class ClaimDiskSpace
{
    /// <param name="MigrationId">The migration that will own the claims.</param>
    /// <param name="Instance">The instance.</param>
    /// <param name="Host">The destination.</param>
    /// <param name="Files">What it lacks.</param>
    /// <param name="OverCommit">False to count virtual sizes; else what the files take now.</param>
    public sealed record Request(int MigrationId, Guid Instance, string Host, IReadOnlyList<DiskFile> Files, bool? OverCommit)
        : IRequest<Response>;

    /// <summary>Claimed.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, IDiskImages images, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            List<DiskClaim> wanted = [];
            Dictionary<string, FolderSpace> spaces = new(StringComparer.Ordinal);
            foreach (var folder in request.Files.GroupBy(file => file.Folder, StringComparer.Ordinal))
            {
                var space = spaces[folder.Key] = await images.FindSpaceAsync(request.Host, folder.Key, ct)
                    ?? throw new MigrationPreCheckError($"{request.Host} has no folder {folder.Key}. Make it there, as on the source.");
                wanted.Add(Wanted(request, folder, space));
            }

            await ClaimAsync(request, wanted, spaces, ct);
            return new Response();
        }

        private DiskClaim Wanted(Request request, IGrouping<string, DiskFile> folder, FolderSpace space) => new()
        {
            MigrationId = request.MigrationId,
            Host = request.Host,
            Folder = folder.Key,
            CapacityBytes = space.CapacityBytes,
            Bytes = folder.Sum(file => request.OverCommit == false ? Math.Max(file.CapacityBytes, file.AllocationBytes) : file.AllocationBytes),
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

        /// <summary>The hosts were asked before; whether others were promised it meanwhile is decided here, under the write lock.</summary>
        private async Task ClaimAsync(
            Request request, List<DiskClaim> wanted, Dictionary<string, FolderSpace> spaces, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.DiskClaims.Where(claim => claim.MigrationId == request.MigrationId).ExecuteDeleteAsync(ct);
            var others = await db.DiskClaims.AsNoTracking().Where(claim => claim.Host == request.Host).ToListAsync(ct);
            foreach (var claim in wanted)
            {
                var available = spaces[claim.Folder].AvailableBytes - OnSameFileSystem(others, claim);
                if (available < OnSameFileSystem(wanted, claim))
                {
                    throw new MigrationPreCheckError(
                        $"Unable to migrate {request.Instance}: Disk of instance is too large(available on destination host:{available} "
                        + $"< need:{OnSameFileSystem(wanted, claim)})");
                }
            }

            db.DiskClaims.AddRange(wanted);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        private static long OnSameFileSystem(IEnumerable<DiskClaim> claims, DiskClaim like) =>
            claims.Where(claim => claim.CapacityBytes == like.CapacityBytes || claim.Folder == like.Folder).Sum(claim => claim.Bytes);
    }
}
