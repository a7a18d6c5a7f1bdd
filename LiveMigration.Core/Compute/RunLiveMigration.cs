using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 6, the pivot. Hands the transfer to the two libvirt daemons, peer to peer, and watches it; or watches one
/// that goes on from before. Its return says that the transfer has ended, never how.
/// </summary>
public static class RunLiveMigration
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">The host it leaves.</param>
    /// <param name="Destination">The host it goes to.</param>
    /// <param name="MigrateData">What the checks found.</param>
    /// <param name="Attach">True to watch a transfer that is under way already.</param>
    public sealed record Request(
        int MigrationId, string RequestId, Guid Instance, string Source, string Destination, MigrateData MigrateData, bool Attach)
        : IRequest<Response>;

    /// <summary>The transfer has ended.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IComputeDriver driver,
        MigrationMonitor monitor,
        MigrationProgress progress,
        PreparationEvent preparation,
        LiveMigrationSettings settings) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var looking = driver.FindGuestAsync(request.Source, request.Instance, ct);
            await Task.WhenAll(looking, BeginAsync(request, ct));
            var guest = await looking;
            if (guest is null && request.Attach)
            {
                // It has left while nobody watched: that is an end, too.
                return new Response();
            }

            await TransferAsync(request, guest ?? throw new GuestNotFound(request.Source, request.Instance), ct);
            return new Response();
        }

        private async Task BeginAsync(Request request, CancellationToken ct)
        {
            await progress.BeginAsync(request.MigrationId, ct);
            await preparation.CloseAsync(request.RequestId, request.Destination, error: null, ct);
        }

        private async Task TransferAsync(Request request, GuestObservation guest, CancellationToken ct)
        {
            var paused = guest.State == GuestState.Paused;
            var gib = ConvergencePolicy.DataGiB(guest.MemoryMiB, CopiedBytes(request.MigrateData));
            var mayPostCopy = settings.PermitPostCopy && !paused;
            var watched = new WatchedTransfer(request.MigrationId, request.Instance, request.Source, gib, mayPostCopy);
            if (request.Attach)
            {
                await monitor.WatchAsync(watched, transfer: null, ct);
                return;
            }

            var how = new TransferRequest(
                request.Destination,
                settings.BandwidthMiBps,
                mayPostCopy,
                settings.PermitAutoConverge && !mayPostCopy,
                request.MigrateData.CopyDisks,
                TimeSpan.FromMilliseconds(ConvergencePolicy.DowntimeMs(settings, gib, TimeSpan.Zero)))
            {
                SynchronousDiskWrites = request.MigrateData.SynchronousWrites,
            };
            var transfer = driver.TransferAsync(request.Source, request.Instance, how, ct);
            await monitor.WatchAsync(watched, transfer, ct);
            await transfer;
        }

        private static IEnumerable<long> CopiedBytes(MigrateData data) =>
            data.Files.Where(file => !file.ReadOnly).Select(file => file.AllocationBytes);
    }
}
