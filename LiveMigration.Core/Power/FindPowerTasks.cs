using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Power;

/// <summary>The power actions that have not ended: those of a controller that died, and those that wait for their host.</summary>
public static class FindPowerTasks
{
    /// <summary>All of them.</summary>
    public sealed record Request : IRequest<Response>;

    /// <param name="TaskIds">Their ids, oldest first.</param>
    public sealed record Response(IReadOnlyList<int> TaskIds);

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts) : IRequestHandler<Request, Response>
    {
        private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<int>> Open = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db) => db.PowerTasks.OrderBy(row => row.Id).Select(row => row.Id));

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            return new Response(await Open(db).ToListAsync(ct));
        }
    }
}
