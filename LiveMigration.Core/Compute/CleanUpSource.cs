using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 6, the end: nothing of the guest is left at the source. libvirt has done it as a rule; what it left is removed
/// only while the guest is seen to live, or to have ended, at the destination, and only with our mark on it. A source that does not answer
/// does not hold the guest up: the clean-up is noted and done later.
/// </summary>
public static class CleanUpSource
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">The host to tidy.</param>
    /// <param name="Mark">What to compare.</param>
    /// <param name="Files">The files of its disks that were brought to the destination.</param>
    public sealed record Request(int MigrationId, Guid Instance, string Source, MigrationMark Mark, IReadOnlyList<DiskFile> Files)
        : IRequest<Response>;

    /// <summary>Nothing is left.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver, CopiedDisks copied, CleanupNotes notes) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            try
            {
                await RemoveAsync(request, ct);
                await RemoveDisksAsync(request, ct);
                return new Response();
            }
            catch (HypervisorUnavailable silent)
                when (!driver.GetLink(request.Source).Open || (silent.HasTimedOut && silent.Host == request.Source))
            {
                await notes.NoteAsync(request.MigrationId, request.Instance, request.Source, silent.Message, ct);
                return new Response();
            }
        }

        private async Task RemoveAsync(Request request, CancellationToken ct)
        {
            if (await driver.FindGuestAsync(request.Source, request.Instance, ct) is null)
            {
                return;
            }

            var there = await driver.FindGuestAsync(request.Mark.Destination, request.Instance, ct);
            if (there.AtDestination(request.Mark.Migration) is not (Sighting.Alive or Sighting.PostCopy or Sighting.Ended))
            {
                throw new MigrationError(
                    $"{request.Source} still has {request.Instance}, and {request.Mark.Destination} does not show it running "
                    + $"({there?.State.ToString() ?? "absent"}): nothing is removed.");
            }

            if (!await driver.RemoveLeftoverAsync(request.Source, request.Instance, request.Mark, ct))
            {
                throw new StepNotReady($"{request.Source} is still giving {request.Instance} up", TimeSpan.FromSeconds(1));
            }
        }

        private async Task RemoveDisksAsync(Request request, CancellationToken ct)
        {
            if (!await copied.RemoveAtSourceAsync(
                request.Mark.Migration, request.Instance, request.Source, request.Mark.Destination, request.Mark.Destination, request.Files, mayBeOff: false, ct))
            {
                throw new MigrationError(
                    $"{request.Mark.Destination} does not show {request.Instance} running: its disks on {request.Source} are kept.");
            }
        }
    }
}
