using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>The migrations that have not ended, that nobody drives, and whose time to be tried again has come.</summary>
public static class FindUnfinishedMigrations
{
    /// <summary>Asks for them.</summary>
    public sealed record Request : IRequest<Response>;

    /// <param name="MigrationIds">Their integer ids, oldest first.</param>
    public sealed record Response(IReadOnlyList<int> MigrationIds);

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, DrivenHere driven, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        private static readonly Func<ControlPlaneDbContext, DateTime, DateTime, DateTime, IAsyncEnumerable<int>> DueAt = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db, DateTime now, DateTime leased, DateTime latest) => db.Migrations.AsNoTracking()
                .Where(row => row.FinishedAt == null
                    && (row.LeaseOwner == null || row.LeaseExpiresAt < now || row.LeaseExpiresAt > leased)
                    && (row.RetryAt == null || row.RetryAt <= now || row.RetryAt > latest))
                .OrderBy(row => row.Id)
                .Select(row => row.Id));

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var now = time.GetUtcNow().UtcDateTime;
            var due = await DueAt(db, now, now + SagaRunner<LiveMigrationState>.LeaseLasts, now + SagaRunner<LiveMigrationState>.LongestWait).ToListAsync(ct);
            return new Response([.. due.Where(id => !driven.Contains<LiveMigrationState>(id))]);
        }
    }
}
