using System.Text.Json.Nodes;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.ServerGroups;

/// <summary>A server group as Nova shows it, and the way to find one.</summary>
internal static class ServerGroupDocument
{
    /// <summary>In full.</summary>
    public static JsonObject Of(ServerGroup group, IEnumerable<Guid> members, Microversion version)
    {
        var document = new JsonObject
        {
            ["id"] = group.Uuid.ToString(),
            ["name"] = group.Name,
            ["members"] = new JsonArray([.. members.Select(member => JsonValue.Create(member.ToString()))]),
        };
        if (version.AtLeast(64))
        {
            document["policy"] = group.Policy;
            document["rules"] = group.MaxServerPerHost is { } most ? new JsonObject { ["max_server_per_host"] = most } : new JsonObject();
        }
        else
        {
            document["policies"] = new JsonArray(JsonValue.Create(group.Policy));
            document["metadata"] = new JsonObject();
        }

        if (version.AtLeast(13))
        {
            document["project_id"] = group.ProjectId;
            document["user_id"] = group.UserId;
        }

        return document;
    }

    /// <summary>The members of groups that still exist.</summary>
    public static async Task<ILookup<Guid, Guid>> MembersAsync(ControlPlaneDbContext db, CancellationToken ct) =>
        (await db.ServerGroupMembers
            .Join(db.Instances.Where(row => row.VmState != VmState.Deleted), member => member.InstanceUuid, row => row.Uuid, (member, row) => new { member, row.CreatedAt })
            .OrderBy(pair => pair.CreatedAt)
            .Select(pair => pair.member)
            .AsNoTracking().ToListAsync(ct)).ToLookup(member => member.GroupUuid, member => member.InstanceUuid);

    /// <summary>The group of an id, if the caller may see it.</summary>
    /// <exception cref="HttpFault">404.</exception>
    public static async Task<ServerGroup> FindAsync(HttpContext context, ControlPlaneDbContext db, string id, CancellationToken ct)
    {
        var caller = context.Caller();
        return Guid.TryParseExact(id, "D", out var uuid)
            && await db.ServerGroups.AsNoTracking().SingleOrDefaultAsync(row => row.Uuid == uuid, ct) is { } group
            && (caller.IsAdmin || group.ProjectId == caller.ProjectId)
                ? group
                : throw HttpFault.NotFound($"Instance group {id} could not be found.");
    }
}
