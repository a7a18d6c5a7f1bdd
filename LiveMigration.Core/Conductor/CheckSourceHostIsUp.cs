using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Seed step 2: the source's compute service is up. A disabled one may be left; one that is down can't be asked.</summary>
public static class CheckSourceHostIsUp
{
    /// <param name="State">The migration so far.</param>
    public sealed record Request(LiveMigrationState State) : IRequest<Response>;

    /// <summary>It is.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, ConductorEvent conductorEvent)
        : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            conductorEvent.CoverAsync(request.State, last: false, () => CheckAsync(request.State.Source, ct), ct);

        private async Task<Response> CheckAsync(string source, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var node = await db.FindNodeAsync(source, ct);
            return node is { IsUp: true } ? new Response() : throw new ComputeServiceUnavailable(source);
        }
    }
}
