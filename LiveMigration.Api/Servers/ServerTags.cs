using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary><c>/servers/{id}/tags</c>, from 2.26 on: words that users find servers again by.</summary>
internal static class ServerTags
{
    private const string Rule = "os_compute_api:os-server-tags:";
    private const int MaxTags = 50;
    private const int MaxLength = 60;
    private static readonly BodySchema Body = new(new BodyProperty("tags", BodyType.Array, Required: true));

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Path = "/v2.1/servers/{id}/tags";
        const string ItemPath = "/v2.1/servers/{id}/tags/{tag}";
        Named(routes.MapGet(Path, ListAsync), "ListServerTags", "A server's tags.");
        Named(routes.MapPut(Path, ReplaceAsync), "ReplaceServerTags", "Replaces them.");
        Named(routes.MapDelete(Path, ClearAsync), "DeleteServerTags", "Removes them.");
        Named(routes.MapGet(ItemPath, ShowAsync), "ShowServerTag", "Whether a server has a tag.");
        Named(routes.MapPut(ItemPath, AddAsync), "AddServerTag", "Tags a server.");
        Named(routes.MapDelete(ItemPath, RemoveAsync), "DeleteServerTag", "Removes a tag.");
    }

    private static void Named(RouteHandlerBuilder route, string name, string summary) =>
        route.MinimumVersion(2, 26).WithTags("Servers").WithName(name).WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        NovaJson.Ok(Document(await FindAsync(context, db, id, "index", ct)));

    private static async Task<IResult> ShowAsync(HttpContext context, string id, string tag, ControlPlaneDbContext db, CancellationToken ct) =>
        (await FindAsync(context, db, id, "show", ct)).Contains(tag, StringComparer.Ordinal) ? NovaJson.NoContent() : throw Unknown(id, tag);

    private static async Task<IResult> ReplaceAsync(HttpContext context, string id, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context);
        Body.Check(body, null, context.Nova().Legacy);
        var given = body.GetProperty("tags");
        foreach (var item in given.EnumerateArray())
        {
            if (Explain(item) is { } reason)
            {
                throw BodySchema.Error("tags", item, reason);
            }
        }

        var tags = given.EnumerateArray().Select(item => item.GetString()!).Distinct(StringComparer.Ordinal).ToList();
        if (tags.Count > MaxTags)
        {
            throw BodySchema.Error("tags", given, $"{PythonText.Repr(given)} is too long");
        }

        return NovaJson.Ok(Document(await ChangeAsync(context, id, "update_all", _ => tags, ct)));
    }

    private static async Task<IResult> AddAsync(HttpContext context, string id, string tag, CancellationToken ct)
    {
        using var word = JsonDocument.Parse(JsonSerializer.Serialize(tag));
        if (Explain(word.RootElement) is { } reason)
        {
            throw HttpFault.BadRequest($"Tag '{tag}' is invalid. It must be a non empty string without characters '/' and ','. Validation error message: {reason}");
        }

        var isNew = false;
        await ChangeAsync(context, id, "update", old => (isNew = !old.Contains(tag, StringComparer.Ordinal)) ? [.. old, tag] : old, ct);
        if (!isNew)
        {
            return NovaJson.NoContent();
        }

        // Escaped again: a header can't hold what a path can.
        context.Response.Headers.Location = $"{Links.Origin(context)}{new PathString(context.Nova().OriginalPath).ToUriComponent()}";
        return NovaJson.Empty(StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, string id, string tag, CancellationToken ct)
    {
        await ChangeAsync(context, id, "delete", old => old.Contains(tag, StringComparer.Ordinal) ? [.. old.Where(one => one != tag)] : throw Unknown(id, tag), ct);
        return NovaJson.NoContent();
    }

    private static async Task<IResult> ClearAsync(HttpContext context, string id, CancellationToken ct)
    {
        await ChangeAsync(context, id, "delete_all", _ => [], ct);
        return NovaJson.NoContent();
    }

    private static string? Explain(JsonElement tag) =>
        tag.ValueKind != JsonValueKind.String ? $"{PythonText.Repr(tag)} is not of type 'string'"
            : tag.GetString()!.Length is 0 ? $"{PythonText.Repr(tag)} is too short"
            : tag.GetString()!.Length > MaxLength ? $"{PythonText.Repr(tag)} is too long"
            : tag.GetString()!.AsSpan().ContainsAny('/', ',') ? $"{PythonText.Repr(tag)} does not match '^[^,/]*$'"
            : null;

    private static JsonObject Document(IEnumerable<string> tags) => new() { ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]) };

    private static HttpFault Unknown(string server, string tag) => HttpFault.NotFound($"Server {server} has no tag '{tag}'");

    private static async Task<List<string>> FindAsync(HttpContext context, ControlPlaneDbContext db, string id, string verb, CancellationToken ct)
    {
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(Rule + verb);
        return (await db.Instances.AsNoTracking().SingleAsync(server => server.Uuid == uuid, ct)).Tags;
    }

    private static async Task<List<string>> ChangeAsync(
        HttpContext context, string id, string verb, Func<List<string>, List<string>> change, CancellationToken ct)
    {
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(Rule + verb);
        return await context.RequestServices.GetRequiredService<IMediator>().Send(new Request(uuid, change, context.Caller().IsAdmin), ct);
    }

    /// <param name="Server">The server.</param>
    /// <param name="Change">The new tags from the old ones.</param>
    /// <param name="IsAdmin">True for whom no lock stops.</param>
    internal sealed record Request(Guid Server, Func<List<string>, List<string>> Change, bool IsAdmin) : IRequest<List<string>>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, List<string>>
    {
        public async Task<List<string>> Handle(Request request, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var row = db.Instances.Where(server => server.Uuid == request.Server);
            var server = await row.AsNoTracking().SingleAsync(cancellationToken);
            if (server.Locked && !request.IsAdmin)
            {
                throw new InstanceIsLocked(request.Server);
            }

            var tags = request.Change(server.Tags);
            if (tags.Count > MaxTags)
            {
                throw HttpFault.BadRequest($"The number of tags exceeded the per-server limit {MaxTags}");
            }

            await row.ExecuteUpdateAsync(set => set.SetProperty(one => one.Tags, tags), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return tags;
        }
    }
}
