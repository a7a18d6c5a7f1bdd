using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Asks a host what became of a guest that was to be started.</summary>
public static class HasGuestStarted
{
    /// <param name="Host">The host.</param>
    /// <param name="Guest">The guest.</param>
    public sealed record Request(string Host, Guid Guest) : IRequest<Response>;

    /// <param name="Observation">What the host said.</param>
    public sealed record Response(PivotObservation Observation);

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var guest = await driver.FindGuestAsync(request.Host, request.Guest, ct);
            return new Response(guest?.State switch
            {
                null or GuestState.Crashed => PivotObservation.Failed,
                GuestState.Off => PivotObservation.NotStarted,
                _ => PivotObservation.Succeeded,
            });
        }
    }
}
