using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Starts a guest that is defined.</summary>
public static class StartGuest
{
    /// <param name="Host">The host.</param>
    /// <param name="Guest">The guest.</param>
    public sealed record Request(string Host, Guid Guest) : IRequest<Response>;

    /// <summary>It runs.</summary>
    public sealed record Response;

    internal sealed class Handler(IGuestBuilder builder) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await builder.StartAsync(request.Host, request.Guest, ct);
            return new Response();
        }
    }
}
