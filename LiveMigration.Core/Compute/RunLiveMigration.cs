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
    /// <param name="Options">What was in force when it was asked for; null in a record of an older version.</param>
    /// <param name="MigrationAddress">The address asked for, if one was.</param>
    /// <param name="Attach">True to watch a transfer that is under way already, or to resume one in post-copy that broke.</param>
    public sealed record Request(
        int MigrationId,
        string RequestId,
        Guid Instance,
        string Source,
        string Destination,
        MigrateData MigrateData,
        TransferOptions? Options,
        string? MigrationAddress,
        bool Attach) : IRequest<Response>
    {
        /// <summary>What to compare before anything is ended.</summary>
        public required MigrationMark Mark { get; init; }

        /// <summary>How the guest was lost, once that has been written down.</summary>
        public string? Lost { get; init; }

        /// <summary>Whether the guest was paused when the move began; null when that is not known.</summary>
        public bool? WasPaused { get; init; }

        /// <summary>How the guest is to be plugged in.</summary>
        public NetworkPlan Network { get; init; } = NetworkPlan.None;
    }

    /// <summary>The transfer has ended.</summary>
    /// <param name="Lost">How the guest was lost; null when it was not, as far as this has seen.</param>
    public sealed record Response(string? Lost);

    internal sealed class Handler(
        IComputeDriver driver,
        MigrationMonitor monitor,
        MigrationProgress progress,
        PreparationEvent preparation,
        PostCopyRecovery recovery,
        LostGuest lost,
        ForcedPause pause,
        SlowStart slowStart,
        TransferDefaults defaults) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var looking = driver.FindGuestAsync(request.Source, request.Instance, ct);
            var beginning = BeginAsync(request, ct);
            await Task.WhenAll(looking, beginning);
            var guest = await looking;
            if (request.Attach && guest.ToSighting() is Sighting.Absent or Sighting.Broken && await IsLostAsync(request, ct) is { } how)
            {
                return new Response(how);
            }

            if (guest is null && request.Attach)
            {
                // It has left while nobody watched: that is an end, too.
                return new Response(request.Lost);
            }

            if (!request.Attach && guest is { State: GuestState.Paused } && await pause.IsOursAsync(request.Instance, request.WasPaused, await beginning, ct))
            {
                // An earlier try was forced and broke; as it is, it would arrive paused and stay so.
                await driver.ResumeAsync(request.Source, request.Instance, ct);
                guest = guest with { State = GuestState.Running };
            }

            var options = request.Options ?? defaults.Of(request.Source);
            var (watched, transfer) = TransferPlan.Of(request, options, guest ?? throw new GuestNotFound(request.Source, request.Instance));
            await (request.Attach ? AttachAsync(request, watched, transfer, guest, ct) : TransferAsync(request, watched, transfer, ct));
            return new Response(request.Lost);
        }

        /// <summary>That a guest is lost is written down first; what is left of it is ended when that stands in the journal.</summary>
        /// <returns>How it was lost; null when it is not.</returns>
        private async Task<string?> IsLostAsync(Request request, CancellationToken ct)
        {
            var how = await lost.FindOutAsync(request.Instance, request.Source, request.Destination, request.Mark.Migration, ct);
            if (how is not null && request.Lost is not null)
            {
                await lost.EndAsync(request, ct);
            }

            return request.Lost ?? how;
        }

        private async Task<MigrationStatus> BeginAsync(Request request, CancellationToken ct)
        {
            var before = await progress.BeginAsync(request.MigrationId, ct);
            await preparation.CloseAsync(request.RequestId, request.Destination, error: null, ct);
            return before;
        }

        private async Task TransferAsync(Request request, WatchedTransfer watched, TransferRequest how, CancellationToken ct)
        {
            how = how with { Changes = request.Network.ToChanges() };
            var transfer = driver.TransferAsync(watched.Source, watched.Instance, slowStart.AppliesTo(request.Network) ? SlowStart.Slowed(how) : how, ct);
            var whyAborted = await WatchAsync(request, watched, transfer, ct);
            try
            {
                await transfer;
            }
            catch (ControlPlaneException aborted) when (whyAborted is not null)
            {
                // libvirt only knows that somebody asked for it.
                throw new MigrationError(whyAborted, aborted);
            }
        }

        private async Task AttachAsync(
            Request request, WatchedTransfer watched, TransferRequest how, GuestObservation guest, CancellationToken ct)
        {
            if (watched.InPostCopy)
            {
                // An earlier controller may have died between the switch and its record.
                await progress.MoveToAsync(watched.MigrationId, MigrationStatus.RunningPostCopy, ct);
            }

            if (guest.State == GuestState.PostCopyFailed)
            {
                await recovery.ResumeAsync(watched, how, ct);
            }
            else if (await WatchAsync(request, watched, transfer: null, ct) is { } whyAborted)
            {
                throw new MigrationError(whyAborted);
            }
        }

        /// <returns>Why the transfer was aborted; null when it was not, or not by us.</returns>
        private async Task<string?> WatchAsync(Request request, WatchedTransfer watched, Task? transfer, CancellationToken ct)
        {
            if (watched.InPostCopy || !slowStart.AppliesTo(request.Network))
            {
                return await monitor.WatchAsync(watched, transfer, ct);
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var start = slowStart.RunAsync(request, watched.Options.BandwidthMiBps, over.Token);
            string? whyAborted;
            try
            {
                whyAborted = await monitor.WatchAsync(watched, transfer, ct);
            }
            finally
            {
                await over.CancelAsync();
                await Task.WhenAny(start);
            }

            return await start ?? whyAborted;
        }
    }
}
