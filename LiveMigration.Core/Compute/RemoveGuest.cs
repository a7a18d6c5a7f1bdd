using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Stops a guest for good and removes its definition.</summary>
public static class RemoveGuest
{
    /// <param name="Host">The host.</param>
    /// <param name="Guest">The guest.</param>
    public sealed record Request(string Host, Guid Guest) : IRequest<Response>;

    /// <summary>The host does not know it any more.</summary>
    public sealed record Response;

    internal sealed class Handler(IGuestBuilder builder) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await builder.RemoveAsync(request.Host, request.Guest, ct);
            return new Response();
        }
    }
}
