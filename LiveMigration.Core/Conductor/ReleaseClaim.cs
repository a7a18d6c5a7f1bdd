using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Gives back what the migration was promised on its destination.</summary>
public static class ReleaseClaim
{
    /// <param name="MigrationId">The migration.</param>
    public sealed record Request(int MigrationId) : IRequest<Response>;

    /// <summary>It holds no claim.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.ReleaseClaimsAsync(request.MigrationId, ct);
            return new Response();
        }
    }
}
