using LiveMigration.Core.Compute;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>A network service tells that an interface is plugged in, or can't be: a move may wait for it.</summary>
public static class HearVifPlugged
{
    /// <param name="Instance">The instance.</param>
    /// <param name="Tag">The port's id, or the interface's address.</param>
    /// <param name="Plugged">False when it can't be.</param>
    public sealed record Request(Guid Instance, string Tag, bool Plugged) : IRequest<Response>;

    /// <param name="Heard">True when the instance is being moved.</param>
    public sealed record Response(bool Heard);

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, VifEvents events) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var moves = await db.Instances.AnyAsync(row => row.Uuid == request.Instance && row.TaskState == TaskState.Migrating, ct);
            if (moves)
            {
                events.Note(request.Instance, request.Tag, request.Plugged);
            }

            return new Response(moves);
        }
    }
}
