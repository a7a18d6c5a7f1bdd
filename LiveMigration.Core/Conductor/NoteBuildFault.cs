using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Lets a server be seen as failed while its host does not yet let it be tidied up.</summary>
public static class NoteBuildFault
{
    /// <param name="Instance">The instance.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Request(Guid Instance, string Reason) : IRequest<Response>;

    /// <summary>Noted.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleAsync(row => row.Uuid == request.Instance, ct);
            if (instance.VmState == VmState.Building)
            {
                BuildFaults.Note(instance, request.Reason, time.GetUtcNow().UtcDateTime);
                await db.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
            }

            return new Response();
        }
    }
}
