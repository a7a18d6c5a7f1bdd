using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>The servers whose making or removal has not ended, that nobody works at, and whose time has come.</summary>
public static class FindUnfinishedServers
{
    /// <summary>Asks for them.</summary>
    public sealed record Request : IRequest<Response>;

    /// <param name="Builds">Builds, oldest first.</param>
    /// <param name="Deletions">Instances that are to go.</param>
    public sealed record Response(IReadOnlyList<int> Builds, IReadOnlyList<Guid> Deletions);

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, DrivenHere driven, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        private static readonly Func<ControlPlaneDbContext, DateTime, DateTime, DateTime, IAsyncEnumerable<int>> BuildsDueAt = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db, DateTime now, DateTime leased, DateTime latest) => db.InstanceBuilds.AsNoTracking()
                .Where(row => row.FinishedAt == null
                    && (row.LeaseOwner == null || row.LeaseExpiresAt < now || row.LeaseExpiresAt > leased)
                    && (row.RetryAt == null || row.RetryAt <= now || row.RetryAt > latest))
                .OrderBy(row => row.Id)
                .Select(row => row.Id));

        private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<Guid>> DeletionsOf = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db) => db.Instances.AsNoTracking()
                .Where(row => row.DeleteRequestedAt != null && row.DeletedAt == null)
                .Select(row => row.Uuid));

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var now = time.GetUtcNow().UtcDateTime;
            var builds = await BuildsDueAt(db, now, now + SagaRunner<BuildInstanceState>.LeaseLasts, now + SagaRunner<BuildInstanceState>.LongestWait).ToListAsync(ct);
            var deletions = await DeletionsOf(db).ToListAsync(ct);
            return new Response([.. builds.Where(id => !driven.Contains<BuildInstanceState>(id))], deletions);
        }
    }
}
