using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>The last step forward: the migration is completed, or has lost the guest, its slots and claim are free, the instance is the caller's again.</summary>
public static class CompleteLiveMigration
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="State">The migration so far.</param>
    public sealed record Request(int MigrationId, LiveMigrationState State) : IRequest<Response>;

    /// <summary>It has ended.</summary>
    public sealed record Response;

    internal sealed class Handler(MigrationEnd end) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await end.WriteAsync(
                request.MigrationId,
                request.State.Lost is null ? MigrationStatus.Completed : MigrationStatus.Error,
                request.State.Lost,
                instance => instance.Host = request.State.Destination!,
                ct);
            return new Response();
        }
    }
}
