using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// What a job does: drives one migration as far as it can go now. Returns when the migration has ended, when it must
/// wait for something (the recovery pass takes it up again), or when somebody else drives it.
/// </summary>
public static class RunMigration
{
    /// <param name="MigrationId">The migration's integer id.</param>
    public sealed record Request(int MigrationId) : IRequest<Response>;

    /// <param name="Summary">What came of it, in one line for the dashboard.</param>
    public sealed record Response(string Summary);

    internal sealed class Handler(SagaRunner<LiveMigrationState> runner) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct) =>
            new(await runner.RunAsync(request.MigrationId, until: null, ct) switch
            {
                SagaResult.Ended { Completed: true } => "completed",
                SagaResult.Ended { Failure: { } failure } => $"taken back: {failure.Message}",
                SagaResult.Ended => "taken back",
                SagaResult.Waits waits => $"waits: {waits.Reason}",
                _ => "nothing to do",
            });
    }
}
