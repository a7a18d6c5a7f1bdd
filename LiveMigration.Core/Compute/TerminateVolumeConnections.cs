using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 6, after the switch. The source is shut out of the guest's volumes, unless another guest there needs them. A
/// storage server or a source that gives no answer does not hold the guest up: the clean-up is noted and done later.
/// </summary>
public static class TerminateVolumeConnections
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">The host it has left.</param>
    /// <param name="Mark">The migration, with the host that it runs on.</param>
    /// <param name="Volumes">Its volumes.</param>
    public sealed record Request(
        int MigrationId, Guid Instance, string Source, MigrationMark Mark, IReadOnlyList<VolumeAttachment> Volumes) : IRequest<Response>;

    /// <summary>The source is shut out, or that is listed.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver, VolumeAccess access, CleanupNotes notes) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            if (request.Volumes.Count == 0)
            {
                return new Response();
            }

            try
            {
                await RefuseIfInDoubtAsync(request, ct);
                foreach (var attachment in request.Volumes)
                {
                    var need = await access.CloseAsync(attachment.Volume, request.Source, request.MigrationId, request.Instance, ct);
                    if (need?.Guest == request.Instance)
                    {
                        throw new StepNotReady($"{request.Source} is still giving {request.Instance} up", TimeSpan.FromSeconds(1));
                    }
                }
            }
            catch (HypervisorUnavailable silent) when (!driver.GetLink(request.Source).Open)
            {
                await notes.NoteAsync(request.MigrationId, request.Instance, request.Source, silent.Message, ct);
            }
            catch (ControlPlaneException silent) when (silent is VolumeServiceUnavailable or VolumeServiceRefused)
            {
                await notes.NoteAsync(request.MigrationId, request.Instance, request.Source, silent.Message, ct);
            }

            return new Response();
        }

        /// <summary>What the source still has of the guest may be all there is of it, if the destination does not show that it lives, or has ended, there.</summary>
        private async Task RefuseIfInDoubtAsync(Request request, CancellationToken ct)
        {
            if (await driver.FindGuestAsync(request.Source, request.Instance, ct) is not { } left)
            {
                return;
            }

            var there = await driver.FindGuestAsync(request.Mark.Destination, request.Instance, ct);
            if (there.AtDestination(request.Mark.Migration) is not (Sighting.Alive or Sighting.PostCopy or Sighting.Ended) || left.State is GuestState.Running)
            {
                throw new MigrationError(
                    $"{request.Source} still has {request.Instance} ({left.State}), and {request.Mark.Destination} shows it as "
                    + $"{there?.State.ToString() ?? "absent"}: the source keeps its access to the guest's volumes.");
            }
        }
    }
}
