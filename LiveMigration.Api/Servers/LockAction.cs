using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary><c>lock</c> and <c>unlock</c>: keeps everybody but the admin from touching a server.</summary>
internal static class LockAction
{
    public const string LockKey = "lock";
    public const string UnlockKey = "unlock";

    private const string Owner = "owner";
    private const string Admin = "admin";

    private static readonly BodySchema LockedReason = new(new BodyProperty("locked_reason", BodyType.Text(1, 255)));

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var locks = action.Name is LockKey;
        var reason = ReadReason(context, action);
        var services = context.RequestServices;
        var db = services.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(locks ? "os_compute_api:os-lock-server:lock" : "os_compute_api:os-lock-server:unlock");
        var caller = context.Caller();
        var found = await db.Instances.Where(server => server.Uuid == uuid)
            .Select(server => new { server.ProjectId, server.LockedBy }).SingleAsync(ct);
        var role = found.ProjectId == caller.ProjectId ? Owner : Admin;
        if (!locks && found.LockedBy is { } holder && holder != role)
        {
            context.Demand("os_compute_api:os-lock-server:unlock:unlock_override");
        }

        await services.GetRequiredService<IMediator>().Send(new Request(uuid, locks ? role : null, reason, caller), ct);
        return NovaJson.Accepted();
    }

    private static string? ReadReason(HttpContext context, JsonProperty action)
    {
        if (action.Name is not LockKey || !context.Version().AtLeast(73) || action.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (action.Value.ValueKind != JsonValueKind.Object)
        {
            throw BodySchema.Error(LockKey, action.Value, $"{PythonText.Repr(action.Value)} is not of type 'object', 'null'");
        }

        LockedReason.Check(action.Value, LockKey);
        return action.Value.TryGetProperty("locked_reason", out var given) ? given.GetString() : null;
    }

    /// <param name="Server">The server.</param>
    /// <param name="LockedBy">As who the caller locks it; null to unlock it.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Caller">Who asks.</param>
    internal sealed record Request(Guid Server, string? LockedBy, string? Reason, Caller Caller) : IRequest<Response>;

    internal sealed record Response;

    internal sealed class Handler(ControlPlaneDbContext db, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var locked = request.LockedBy is not null;
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            // One statement that touches these columns only: it can't collide with what the flow writes meanwhile. An
            // owner's second lock takes nothing from an admin's.
            var changed = await db.Instances
                .Where(instance => instance.Uuid == request.Server && !(locked && instance.Locked && request.LockedBy == Owner))
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(instance => instance.Locked, locked)
                        .SetProperty(instance => instance.LockedBy, request.LockedBy)
                        .SetProperty(instance => instance.LockedReason, request.Reason),
                    cancellationToken);
            if (changed > 0)
            {
                var now = time.GetUtcNow().UtcDateTime;
                db.InstanceActions.Add(new InstanceAction
                {
                    InstanceUuid = request.Server,
                    RequestId = request.Caller.RequestId,
                    Action = locked ? LockKey : UnlockKey,
                    UserId = request.Caller.UserId,
                    ProjectId = request.Caller.ProjectId,
                    StartTime = now,
                    UpdatedAt = now,
                });
                await db.SaveChangesAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return new Response();
        }
    }
}
