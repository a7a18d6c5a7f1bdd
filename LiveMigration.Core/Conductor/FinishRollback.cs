using LiveMigration.Core.Actions;
using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// The end of a migration that was taken back. The guest is looked at once more, so that the record says what is true:
/// as a rule that it runs on the source as if nothing had been.
/// </summary>
public static class FinishRollback
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="State">The migration, with why it turned round.</param>
    public sealed record Request(int MigrationId, LiveMigrationState State) : IRequest<Response>;

    /// <summary>It has ended.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IMediator mediator, IDbContextFactory<ControlPlaneDbContext> contexts, ForcedPause pause, InstanceActionLog actions, MigrationEnd end)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var (state, migration) = (request.State, await FindAsync(request.MigrationId, ct));
            var untouched = migration.Status is MigrationStatus.Accepted or MigrationStatus.Queued;
            var (seen, guest) = await LookAsync(state, untouched, ct);
            if (seen && guest is { State: GuestState.Paused } && await pause.IsOursAsync(migration.InstanceUuid, state.WasPaused, migration.Status, ct))
            {
                await mediator.Send(new ResumeGuest.Request(state.Source, state.Instance), ct);
                guest = guest with { State = GuestState.Running };
            }

            var lost = seen && !untouched && guest is null or { State: GuestState.Crashed };
            var reason = lost ? $"{state.Failure}. The guest no longer runs on {state.Source}"
                : !untouched && guest is { State: GuestState.Off } ? $"{state.Failure}. The guest has powered off on {state.Source}"
                : state.Failure;
            await actions.FinishAsync(state.RequestId, "compute_live_migration", state.Source, state.Cancelled ? null : reason, ct);
            await end.WriteAsync(
                request.MigrationId, EndStatus(state, migration.Status, lost), reason, instance => Settle(instance, seen && !untouched, guest), ct);
            return new Response();
        }

        private static MigrationStatus EndStatus(LiveMigrationState state, MigrationStatus status, bool lost) =>
            lost ? MigrationStatus.Error
            : state.Cancelled ? MigrationStatus.Cancelled
            : status == MigrationStatus.Accepted ? MigrationStatus.Error
            : MigrationStatus.Failed;

        private static void Settle(Instance instance, bool touchedAndSeen, GuestObservation? guest)
        {
            if (touchedAndSeen)
            {
                instance.PowerState = guest.ToPowerState();
                instance.VmState = guest?.ToVmState() ?? VmState.Error;
            }
        }

        private async Task<Migration> FindAsync(int id, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            return await db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id, ct);
        }

        /// <summary>A source that does not answer holds up only a migration that may have touched the guest.</summary>
        private async Task<(bool Seen, GuestObservation? Guest)> LookAsync(LiveMigrationState state, bool untouched, CancellationToken ct)
        {
            try
            {
                return (true, (await mediator.Send(new ObserveGuest.Request(state.Source, state.Instance), ct)).Guest);
            }
            catch (ControlPlaneException exception) when (untouched && exception is HypervisorUnavailable or ComputeHostNotFound)
            {
                return (false, null);
            }
        }
    }
}
