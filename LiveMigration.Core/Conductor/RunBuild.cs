using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Drives one build as far as it can go now.</summary>
public static class RunBuild
{
    /// <param name="BuildId">The build's id.</param>
    public sealed record Request(int BuildId) : IRequest<Response>;

    /// <param name="Summary">What came of it, in one line for the dashboard.</param>
    public sealed record Response(string Summary);

    internal sealed class Handler(
        SagaRunner<BuildInstanceState> runner, IDbContextFactory<ControlPlaneDbContext> contexts, IInstanceQueue queue) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var result = await runner.RunAsync(request.BuildId, until: null, ct);
            if (result is SagaResult.Ended)
            {
                await CallDeletionAsync(request.BuildId, ct);
            }

            return new(result switch
            {
                SagaResult.Ended { Completed: true } => "completed",
                SagaResult.Ended { Failure: { } failure } => $"taken back: {failure.Message}",
                SagaResult.Ended => "taken back",
                SagaResult.Waits waits => $"waits: {waits.Reason}",
                _ => "nothing to do",
            });
        }

        /// <summary>A server that was removed while it was made waits for the making to end.</summary>
        private async Task CallDeletionAsync(int build, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var instance = await db.InstanceBuilds.Where(row => row.Id == build).Select(row => row.InstanceUuid).SingleAsync(ct);
            if (await db.Instances.AnyAsync(row => row.Uuid == instance && row.DeleteRequestedAt != null && row.DeletedAt == null, ct))
            {
                queue.EnqueueDeletion(instance);
            }
        }
    }
}
