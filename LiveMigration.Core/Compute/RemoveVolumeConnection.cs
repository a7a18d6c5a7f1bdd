using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 9. Takes from the destination the access to volumes that this migration gave it: first the incoming guest that
/// still holds them, if it carries our mark, then the access. Never the source's, nor what others have granted. Whoever does
/// not answer while the guest lives on at the source does not hold the migration up: the rest is noted and done later.
/// </summary>
public static class RemoveVolumeConnection
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">Where it should still be.</param>
    /// <param name="Destination">The host that is shut out again.</param>
    /// <param name="Mark">What to compare.</param>
    /// <param name="Volumes">The guest's volumes.</param>
    public sealed record Request(
        int MigrationId, Guid Instance, string Source, string Destination, MigrationMark Mark, IReadOnlyList<VolumeAttachment> Volumes)
        : IRequest<Response>;

    /// <summary>What this migration opened is closed, or listed.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver, VolumeAccess access, CleanupNotes notes) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var opened = request.Volumes.Where(attachment => !attachment.DestinationWasGranted).ToList();
            if (opened.Count == 0)
            {
                return new Response();
            }

            try
            {
                await DetachAsync(request, ct);
                foreach (var attachment in opened)
                {
                    await CloseAsync(request, attachment.Volume, ct);
                }
            }
            catch (ControlPlaneException silent) when (silent is HypervisorUnavailable or VolumeServiceUnavailable or VolumeServiceRefused)
            {
                if (!await LivesAtSourceAsync(request, ct))
                {
                    throw;
                }

                await notes.NoteAsync(request.MigrationId, request.Instance, request.Destination, silent.Message, ct);
            }

            return new Response();
        }

        private async Task DetachAsync(Request request, CancellationToken ct)
        {
            var there = await driver.FindGuestAsync(request.Destination, request.Instance, ct);
            if (there?.Mark?.Migration == request.Mark.Migration)
            {
                await driver.RemoveLeftoverAsync(request.Destination, request.Instance, request.Mark, ct);
            }
        }

        private async Task CloseAsync(Request request, Volume volume, CancellationToken ct)
        {
            var need = await access.CloseAsync(volume, request.Destination, request.MigrationId, request.Instance, ct);
            if (need?.Guest == request.Instance)
            {
                throw new MigrationError(
                    $"{request.Destination} still has guest {request.Instance}: its access to {volume} is not taken away. "
                    + "Find out which copy is the right one, and remove the other.");
            }
        }

        private async Task<bool> LivesAtSourceAsync(Request request, CancellationToken ct) =>
            await driver.FindGuestAsync(request.Source, request.Instance, ct) is { State: GuestState.Running or GuestState.Paused };
    }
}
