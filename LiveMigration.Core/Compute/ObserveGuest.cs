using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>What one host says of one guest, now.</summary>
public static class ObserveGuest
{
    /// <param name="Host">The host to ask.</param>
    /// <param name="Instance">The guest.</param>
    public sealed record Request(string Host, Guid Instance) : IRequest<Response>;

    /// <param name="Guest">What it says; null when it knows no such guest.</param>
    public sealed record Response(GuestObservation? Guest);

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct) =>
            new(await driver.FindGuestAsync(request.Host, request.Instance, ct));
    }
}
