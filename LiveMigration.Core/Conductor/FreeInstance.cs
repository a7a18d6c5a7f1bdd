using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// When a step after the switch has to be tried again: the guest runs on its new host, and neither that nor the instance's
/// being at its owner's disposal waits for the tidying. The migration stays open, with its reason, until that is done.
/// </summary>
public static class FreeInstance
{
    /// <param name="Instance">The instance.</param>
    /// <param name="Destination">The host it runs on.</param>
    public sealed record Request(Guid Instance, string Destination) : IRequest<Response>;

    /// <summary>It is recorded on its new host, without a task.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var instance = await db.Instances.SingleAsync(row => row.Uuid == request.Instance, ct);
            if (instance.TaskState == TaskState.Migrating)
            {
                (instance.Host, instance.TaskState, instance.Progress) = (request.Destination, null, 0);
                instance.UpdatedAt = time.GetUtcNow().UtcDateTime;
                await db.SaveChangesAsync(ct);
            }

            return new Response();
        }
    }
}
