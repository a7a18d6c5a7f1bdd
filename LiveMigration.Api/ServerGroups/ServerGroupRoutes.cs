using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.ServerGroups;

/// <summary>
/// <c>/os-server-groups</c>: servers that are to be kept together or apart. Nova fills a group when a server is made; guests
/// that were there before are put in by our own <c>/v1/server-groups/{id}/members/{server}</c>.
/// </summary>
internal static class ServerGroupRoutes
{
    private const string Rule = "os_compute_api:os-server-groups:";
    private const string Root = "server_group";
    private static readonly QuerySchema Parameters = new(75, new("all_projects"), new("limit", QueryKind.Count), new("offset", QueryKind.Count));
    private static readonly BodySchema Outer = new(new BodyProperty(Root, BodyType.Object, Required: true));
    private static readonly BodyProperty Name = new("name", BodyType.Text(1, 255), Required: true);
    private static readonly BodySchema UpTo263 = new(Name, new BodyProperty("policies", BodyType.Array, Required: true));
    private static readonly BodySchema From264 = new(
        Name,
        new BodyProperty("policy", BodyType.OneOf(ServerGroup.AntiAffinity, ServerGroup.Affinity, ServerGroup.SoftAntiAffinity, ServerGroup.SoftAffinity), Required: true),
        new BodyProperty("rules", BodyType.Object));

    public static void Map(IEndpointRouteBuilder routes)
    {
        Named(routes.MapGet("/v2.1/os-server-groups", ListAsync), "ListServerGroups", "Groups of servers.");
        Named(routes.MapPost("/v2.1/os-server-groups", CreateAsync), "CreateServerGroup", "Makes a group.");
        Named(routes.MapGet("/v2.1/os-server-groups/{id}", ShowAsync), "ShowServerGroup", "One group.");
        Named(routes.MapDelete("/v2.1/os-server-groups/{id}", DeleteAsync), "DeleteServerGroup", "Removes a group; its servers stay.");
        routes.MapPut("/v1/server-groups/{id}/members/{server}", AddAsync)
            .WithTags("LiveMigration").WithName("AddServerGroupMember").WithSummary("Puts a server into a group, where it is.");
        routes.MapDelete("/v1/server-groups/{id}/members/{server}", RemoveAsync)
            .WithTags("LiveMigration").WithName("RemoveServerGroupMember").WithSummary("Takes a server out of a group.");
    }

    private static void Named(RouteHandlerBuilder route, string name, string summary) => route.WithTags("Server groups").WithName(name).WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext context, ControlPlaneDbContext db, CancellationToken ct)
    {
        var query = Parameters.Read(context);
        context.Demand(Rule + "index");
        var groups = db.ServerGroups.AsNoTracking();
        if (!context.Request.Query.ContainsKey("all_projects"))
        {
            var project = context.Caller().ProjectId;
            groups = groups.Where(group => group.ProjectId == project);
        }
        else
        {
            context.Demand(Rule + "index:all_projects");
        }

        var skip = int.TryParse(query["offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
        var page = await groups.OrderBy(group => group.CreatedAt).ThenBy(group => group.Uuid).Skip(skip).Take(query.Limit).ToListAsync(ct);
        var members = await ServerGroupDocument.MembersAsync(db, ct);
        return NovaJson.Ok(new JsonObject
        {
            ["server_groups"] = NovaJson.Array(page.Select(group => ServerGroupDocument.Of(group, members[group.Uuid], context.Version()))),
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct)
    {
        var group = await ServerGroupDocument.FindAsync(context, db, id, ct);
        context.Demand(Rule + "show");
        return await AnswerAsync(context, db, group, ct);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ControlPlaneDbContext db, IIdSource ids, TimeProvider time, CancellationToken ct)
    {
        var version = context.Version();
        var body = await JsonBody.ReadAsync(context);
        Outer.Check(body, null, context.Nova().Legacy);
        var given = body.GetProperty(Root);
        (version.AtLeast(64) ? From264 : UpTo263).Check(given, Root, context.Nova().Legacy);
        context.Demand(Rule + "create");
        var policy = version.AtLeast(64) ? given.GetProperty("policy").GetString()! : PolicyOf(given.GetProperty("policies"), version);
        var group = new ServerGroup
        {
            Uuid = ids.NewGuid(),
            Name = given.GetProperty("name").GetString()!,
            Policy = policy,
            MaxServerPerHost = version.AtLeast(64) && given.TryGetProperty("rules", out var rules) ? MostOf(rules, policy) : null,
            ProjectId = context.Caller().ProjectId,
            UserId = context.Caller().UserId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        db.ServerGroups.Add(group);
        await db.SaveChangesAsync(ct);
        return await AnswerAsync(context, db, group, ct);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct)
    {
        var group = await ServerGroupDocument.FindAsync(context, db, id, ct);
        context.Demand(Rule + "delete");
        await db.ServerGroups.Where(row => row.Uuid == group.Uuid).ExecuteDeleteAsync(ct);
        return NovaJson.NoContent();
    }

    private static async Task<IResult> AddAsync(HttpContext context, string id, string server, ControlPlaneDbContext db, CancellationToken ct)
    {
        var group = await ServerGroupDocument.FindAsync(context, db, id, ct);
        var uuid = await FindServerAsync(context, db, server, Rule + "create", ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.ServerGroupMembers.Where(member => member.InstanceUuid == uuid).ExecuteDeleteAsync(ct);
        db.ServerGroupMembers.Add(new ServerGroupMember { InstanceUuid = uuid, GroupUuid = group.Uuid });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return NovaJson.NoContent();
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, string id, string server, ControlPlaneDbContext db, CancellationToken ct)
    {
        var group = await ServerGroupDocument.FindAsync(context, db, id, ct);
        var uuid = await FindServerAsync(context, db, server, Rule + "delete", ct);
        await db.ServerGroupMembers.Where(member => member.InstanceUuid == uuid && member.GroupUuid == group.Uuid).ExecuteDeleteAsync(ct);
        return NovaJson.NoContent();
    }

    /// <summary>A group decides where its servers may be: nobody decides that of another project's server but the admin.</summary>
    private static async Task<Guid> FindServerAsync(HttpContext context, ControlPlaneDbContext db, string server, string rule, CancellationToken ct)
    {
        var uuid = await ShowServer.ResolveAsync(db, server, ct);
        var owner = await db.Instances.Where(row => row.Uuid == uuid).Select(row => new PolicyTarget(row.ProjectId, row.UserId)).SingleAsync(ct);
        var caller = context.Caller();
        if (!caller.IsAdmin && !caller.ProjectId.Equals(owner.ProjectId, StringComparison.Ordinal))
        {
            throw new InstanceNotFound(server);
        }

        context.Demand(rule, owner);
        return uuid;
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, ControlPlaneDbContext db, ServerGroup group, CancellationToken ct)
    {
        var members = await ServerGroupDocument.MembersAsync(db, ct);
        return NovaJson.Ok(new JsonObject { [Root] = ServerGroupDocument.Of(group, members[group.Uuid], context.Version()) });
    }

    private static string PolicyOf(JsonElement policies, Microversion version)
    {
        string[] known = version.AtLeast(15)
            ? [ServerGroup.AntiAffinity, ServerGroup.Affinity, ServerGroup.SoftAntiAffinity, ServerGroup.SoftAffinity]
            : [ServerGroup.AntiAffinity, ServerGroup.Affinity];
        if (policies.GetArrayLength() != 1)
        {
            throw BodySchema.Error("policies", policies, $"{PythonText.Repr(policies)} is too {(policies.GetArrayLength() == 0 ? "short" : "long")}");
        }

        return BodyType.OneOf(known).Explain(policies[0]) is { } reason ? throw BodySchema.Error("0", policies[0], reason) : policies[0].GetString()!;
    }

    private static int? MostOf(JsonElement rules, string policy)
    {
        var schema = new BodySchema(new BodyProperty("max_server_per_host", BodyType.Anything));
        schema.Check(rules, "rules");
        if (!rules.TryGetProperty("max_server_per_host", out var most))
        {
            return null;
        }

        var text = most.ValueKind == JsonValueKind.String ? most.GetString() : most.GetRawText();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
        {
            throw BodySchema.Error("max_server_per_host", most, $"{PythonText.Repr(most)} is less than the minimum of 1");
        }

        return policy == ServerGroup.AntiAffinity
            ? number
            : throw HttpFault.BadRequest("Only anti-affinity policy supports rules.");
    }
}
