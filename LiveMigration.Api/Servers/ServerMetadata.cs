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

/// <summary><c>/servers/{id}/metadata</c>: what users note of a server, by key.</summary>
internal static class ServerMetadata
{
    /// <summary>Nova's quota <c>metadata_items</c>.</summary>
    public const int MaxItems = 128;

    private const string Rule = "os_compute_api:server-metadata:";
    private static readonly BodySchema Whole = new(new BodyProperty("metadata", BodyType.Keys, Required: true));
    private static readonly BodySchema One = new(new BodyProperty("meta", BodyType.Keys, Required: true));

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Path = "/v2.1/servers/{id}/metadata";
        const string ItemPath = "/v2.1/servers/{id}/metadata/{key}";
        Named(routes.MapGet(Path, ListAsync), "ListServerMetadata", "What is noted of a server.");
        Named(routes.MapPost(Path, (HttpContext context, string id, CancellationToken ct) => WriteAsync(context, id, replace: false, ct)), "AddServerMetadata", "Adds to it.");
        Named(routes.MapPut(Path, (HttpContext context, string id, CancellationToken ct) => WriteAsync(context, id, replace: true, ct)), "ReplaceServerMetadata", "Replaces it.");
        Named(routes.MapGet(ItemPath, ShowAsync), "ShowServerMetadataItem", "One key of it.");
        Named(routes.MapPut(ItemPath, WriteItemAsync), "WriteServerMetadataItem", "Writes one key of it.");
        Named(routes.MapDelete(ItemPath, DeleteAsync), "DeleteServerMetadataItem", "Removes one key of it.");
    }

    /// <summary>Refuses more than a server may have.</summary>
    /// <exception cref="HttpFault">403.</exception>
    public static void RefuseTooMany(IReadOnlyCollection<KeyValuePair<string, string>> metadata)
    {
        if (metadata.Count > MaxItems)
        {
            throw new HttpFault(StatusCodes.Status403Forbidden, $"Maximum number of metadata items exceeds {MaxItems}");
        }
    }

    /// <summary>As JSON.</summary>
    public static JsonObject Document(IEnumerable<KeyValuePair<string, string>> metadata) =>
        new(metadata.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));

    /// <summary>From JSON that was checked before.</summary>
    public static Dictionary<string, string> Read(JsonElement keys) =>
        keys.EnumerateObject().DistinctBy(pair => pair.Name, StringComparer.Ordinal).ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal);

    private static void Named(RouteHandlerBuilder route, string name, string summary) => route.WithTags("Servers").WithName(name).WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        NovaJson.Ok(new JsonObject { ["metadata"] = Document(await FindAsync(context, db, id, "index", ct)) });

    private static async Task<IResult> ShowAsync(HttpContext context, string id, string key, ControlPlaneDbContext db, CancellationToken ct) =>
        (await FindAsync(context, db, id, "show", ct)).TryGetValue(key, out var value)
            ? NovaJson.Ok(new JsonObject { ["meta"] = new JsonObject { [key] = value } })
            : throw Unknown();

    private static async Task<IResult> WriteAsync(HttpContext context, string id, bool replace, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context);
        Whole.Check(body, null, context.Nova().Legacy);
        var given = Read(body.GetProperty("metadata"));
        var written = await ChangeAsync(context, id, replace ? "update_all" : "create", old => replace ? given : Merged(old, given), ct);
        return NovaJson.Ok(new JsonObject { ["metadata"] = Document(written) });
    }

    private static async Task<IResult> WriteItemAsync(HttpContext context, string id, string key, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context);
        One.Check(body, null, context.Nova().Legacy);
        var given = Read(body.GetProperty("meta"));
        if (given.Count != 1)
        {
            throw BodySchema.Error("meta", body.GetProperty("meta"), $"{PythonText.Repr(body.GetProperty("meta"))} {(given.Count > 1 ? "has too many properties" : "should be non-empty")}");
        }

        if (!given.ContainsKey(key))
        {
            throw HttpFault.BadRequest("Request body and URI mismatch");
        }

        await ChangeAsync(context, id, "update", old => Merged(old, given), ct);
        return NovaJson.Ok(new JsonObject { ["meta"] = Document(given) });
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, string key, CancellationToken ct)
    {
        await ChangeAsync(context, id, "delete", old => old.ContainsKey(key) ? old.Where(pair => pair.Key != key).ToDictionary(StringComparer.Ordinal) : throw Unknown(), ct);
        return NovaJson.NoContent();
    }

    private static HttpFault Unknown() => HttpFault.NotFound("Metadata item was not found");

    private static Dictionary<string, string> Merged(Dictionary<string, string> old, Dictionary<string, string> given)
    {
        var merged = new Dictionary<string, string>(old, StringComparer.Ordinal);
        foreach (var (key, value) in given)
        {
            merged[key] = value;
        }

        return merged;
    }

    private static async Task<Dictionary<string, string>> FindAsync(HttpContext context, ControlPlaneDbContext db, string id, string verb, CancellationToken ct)
    {
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(Rule + verb);
        return await db.Instances.Where(server => server.Uuid == uuid).Select(server => server.Metadata).SingleAsync(ct);
    }

    private static async Task<Dictionary<string, string>> ChangeAsync(
        HttpContext context, string id, string verb, Func<Dictionary<string, string>, Dictionary<string, string>> change, CancellationToken ct)
    {
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(Rule + verb);
        var request = new Request(uuid, change, context.Caller().IsAdmin);
        return await context.RequestServices.GetRequiredService<IMediator>().Send(request, ct);
    }

    /// <param name="Server">The server.</param>
    /// <param name="Change">The new keys from the old ones.</param>
    /// <param name="IsAdmin">True for whom no lock stops.</param>
    internal sealed record Request(Guid Server, Func<Dictionary<string, string>, Dictionary<string, string>> Change, bool IsAdmin)
        : IRequest<Dictionary<string, string>>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Dictionary<string, string>>
    {
        public async Task<Dictionary<string, string>> Handle(Request request, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var row = db.Instances.Where(server => server.Uuid == request.Server);
            var found = await row.Select(server => new { server.Metadata, server.Locked }).SingleAsync(cancellationToken);
            if (found.Locked && !request.IsAdmin)
            {
                throw new InstanceIsLocked(request.Server);
            }

            var keys = request.Change(found.Metadata);
            RefuseTooMany(keys);
            await row.ExecuteUpdateAsync(set => set.SetProperty(server => server.Metadata, keys), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return keys;
        }
    }
}
