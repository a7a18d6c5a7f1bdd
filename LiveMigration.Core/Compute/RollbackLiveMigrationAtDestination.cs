using LiveMigration.Core.Actions;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 10. Removes what the migration has made on the destination, after comparing the mark. A destination that
/// does not answer while the guest lives on at the source does not hold the migration up: the clean-up is noted and done later.
/// </summary>
public static class RollbackLiveMigrationAtDestination
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">Where it should still be.</param>
    /// <param name="Destination">The host to tidy.</param>
    /// <param name="Mark">What to compare.</param>
    public sealed record Request(
        int MigrationId, string RequestId, Guid Instance, string Source, string Destination, MigrationMark Mark) : IRequest<Response>;

    /// <summary>Nothing is left, or what may be left is listed.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IComputeDriver driver, InstanceActionLog actions, PreparationEvent preparation, CleanupNotes notes)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            const string name = "compute_rollback_live_migration_at_destination";

            // Still open only when the migration turned round between two steps.
            await preparation.CloseAsync(request.RequestId, request.Destination, "taken back", ct);
            try
            {
                return await actions.RecordAsync(request.RequestId, name, request.Destination, () => RemoveAsync(request, ct), ct);
            }
            catch (HypervisorUnavailable silent)
            {
                if (!await LivesAtSourceAsync(request, ct))
                {
                    throw;
                }

                await notes.NoteAsync(request.MigrationId, request.Instance, request.Destination, silent.Message, ct);
                return new Response();
            }
        }

        private async Task<Response> RemoveAsync(Request request, CancellationToken ct)
        {
            if (await driver.FindGuestAsync(request.Destination, request.Instance, ct) is { } left && left.Mark?.Migration == request.Mark.Migration)
            {
                await driver.RemoveLeftoverAsync(request.Destination, request.Instance, request.Mark, ct);
            }

            return new Response();
        }

        private async Task<bool> LivesAtSourceAsync(Request request, CancellationToken ct) =>
            await driver.FindGuestAsync(request.Source, request.Instance, ct) is { State: GuestState.Running or GuestState.Paused };
    }
}
