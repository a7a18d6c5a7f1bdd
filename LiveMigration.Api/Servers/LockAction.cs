using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
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

        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        var by = await DemandAsync(context, action.Name, db, uuid, ct);
        await context.RequestServices.GetRequiredService<IMediator>().Send(new Request(uuid, action.Name is LockKey ? by : null, reason), ct);
        return NovaJson.Accepted();
    }

    // What the admin of another project has locked, its own users can't unlock, unless a rule lets them.
    private static async Task<string> DemandAsync(HttpContext context, string action, ControlPlaneDbContext db, Guid uuid, CancellationToken ct)
    {
        var server = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == uuid, ct);
        var by = server.ProjectId.Equals(context.Caller().ProjectId, StringComparison.Ordinal) ? "owner" : "admin";
        context.Demand("os_compute_api:os-lock-server:" + action);
        if (action is UnlockKey && server.LockedBy is { } holder && !holder.Equals(by, StringComparison.Ordinal))
        {
            context.Demand("os_compute_api:os-lock-server:unlock:unlock_override");
        }

        return server.LockedBy is "admin" && action is LockKey ? "admin" : by;
    }

    /// <param name="Server">The server.</param>
    /// <param name="LockedBy">Who locks it, in Nova's words; null to unlock it.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record Request(Guid Server, string? LockedBy, string? Reason) : IRequest<Response>;

    internal sealed record Response;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            // One statement that touches these columns only: it can't collide with what the flow writes meanwhile.
            await db.Instances.Where(instance => instance.Uuid == request.Server).ExecuteUpdateAsync(
                set => set
                    .SetProperty(instance => instance.Locked, request.LockedBy != null)
                    .SetProperty(instance => instance.LockedBy, request.LockedBy)
                    .SetProperty(instance => instance.LockedReason, request.Reason),
                cancellationToken);
            return new Response();
        }
    }
}
