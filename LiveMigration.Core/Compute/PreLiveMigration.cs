using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 7. Makes the destination ready: what an earlier migration of this guest left there is removed, so that
/// libvirt can make the incoming guest. On failure the destination holds nothing new.
/// </summary>
public static class PreLiveMigration
{
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Destination">The host to make ready.</param>
    /// <param name="Mark">This migration's mark.</param>
    public sealed record Request(string RequestId, Guid Instance, string Destination, MigrationMark Mark) : IRequest<Response>;

    /// <summary>The destination is ready.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver, PreparationEvent preparation) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            preparation.OpenAsync(request.RequestId, request.Destination, () => PrepareAsync(request, ct), ct);

        private async Task<Response> PrepareAsync(Request request, CancellationToken ct)
        {
            var there = await driver.FindGuestAsync(request.Destination, request.Instance, ct);
            if (there is null or { State: GuestState.Off })
            {
                // A definition that is off is replaced by libvirt itself when the guest arrives.
                return new Response();
            }

            if (there.Mark is { } mark && await driver.RemoveLeftoverAsync(request.Destination, request.Instance, mark, ct))
            {
                return new Response();
            }

            throw new MigrationError(
                $"{request.Destination} has a guest {request.Instance} already ({there.Name}, {there.State}), which no migration has left.");
        }
    }
}
