using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 10, its disks: takes back what <see cref="CreateDisks"/> has made, and nothing that was there before. The
/// incoming guest goes first, since it uses them. A silent destination does not hold up a guest that lives at the source.
/// </summary>
public static class RemoveDisks
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">Where it should still be.</param>
    /// <param name="Destination">The host to tidy.</param>
    /// <param name="Mark">What to compare.</param>
    /// <param name="Files">What may have been made.</param>
    public sealed record Request(
        int MigrationId, Guid Instance, string Source, string Destination, MigrationMark Mark, IReadOnlyList<DiskFile> Files)
        : IRequest<Response>;

    /// <summary>None is left, or what may be left is listed.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver, CopiedDisks copied, CleanupNotes notes) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            if (request.Files.Count == 0)
            {
                return new Response();
            }

            try
            {
                await RemoveAsync(request, ct);
            }
            catch (HypervisorUnavailable silent) when (!driver.GetLink(request.Destination).Open)
            {
                if (await driver.FindGuestAsync(request.Source, request.Instance, ct) is not { State: GuestState.Running or GuestState.Paused })
                {
                    throw;
                }

                await notes.NoteAsync(request.MigrationId, request.Instance, request.Destination, silent.Message, ct);
            }

            return new Response();
        }

        private async Task RemoveAsync(Request request, CancellationToken ct)
        {
            if (await driver.FindGuestAsync(request.Destination, request.Instance, ct) is { } left && left.Mark?.Migration == request.Mark.Migration)
            {
                await driver.RemoveLeftoverAsync(request.Destination, request.Instance, request.Mark, ct);
            }

            await copied.RemoveAtDestinationAsync(request.Mark.Migration, request.Destination, request.Files, ct);
        }
    }
}
