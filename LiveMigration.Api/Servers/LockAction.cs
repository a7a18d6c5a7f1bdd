using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary><c>lock</c> and <c>unlock</c>: keeps everybody but the admin from touching a server.</summary>
internal static class LockAction
{
    public const string LockKey = "lock";
    public const string UnlockKey = "unlock";

    private static readonly BodySchema LockedReason = new(new BodyProperty("locked_reason", BodyType.Text(1, 255)));

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        string? reason = null;
        if (action.Name is LockKey && context.Version().AtLeast(73) && action.Value.ValueKind == JsonValueKind.Object)
        {
            LockedReason.Check(action.Value, LockKey);
            reason = action.Value.TryGetProperty("locked_reason", out var given) ? given.GetString() : null;
        }
        else if (context.Version().AtLeast(73) && action.Name is LockKey && action.Value.ValueKind != JsonValueKind.Null)
        {
            throw BodySchema.Error(LockKey, action.Value, $"{PythonText.Repr(action.Value)} is not of type 'object', 'null'");
        }

        await context.RequestServices.GetRequiredService<IMediator>().Send(new Request(id, action.Name is LockKey, reason), ct);
        return NovaJson.Accepted();
    }

    internal sealed record Request(string Id, bool Locked, string? Reason) : IRequest<Response>;

    internal sealed record Response;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var uuid = await ShowServer.ResolveAsync(db, request.Id, cancellationToken);
            // One statement that touches these columns only: it can't collide with what the flow writes meanwhile.
            await db.Instances.Where(instance => instance.Uuid == uuid).ExecuteUpdateAsync(
                set => set
                    .SetProperty(instance => instance.Locked, request.Locked)
                    .SetProperty(instance => instance.LockedReason, request.Reason),
                cancellationToken);
            return new Response();
        }
    }
}
