using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Aggregates;

/// <summary><c>/os-aggregates</c>: hosts that belong together; with a zone's name they are an availability zone.</summary>
internal static class AggregateRoutes
{
    private const string Rule = "os_compute_api:os-aggregates:";
    private const string Root = "aggregate";
    private static readonly BodySchema Outer = new(new BodyProperty(Root, BodyType.Object, Required: true));
    private static readonly BodyProperty Zone = new("availability_zone", BodyType.TextOrNull(1, 255));
    private static readonly BodySchema ToMake = new(new BodyProperty("name", BodyType.Text(1, 255), Required: true), Zone);
    private static readonly BodySchema ToChange = new(new BodyProperty("name", BodyType.Text(1, 255)), Zone);

    public static void Map(IEndpointRouteBuilder routes)
    {
        Named(routes.MapGet("/v2.1/os-aggregates", ListAsync), "ListAggregates", "Hosts that belong together.");
        Named(routes.MapPost("/v2.1/os-aggregates", CreateAsync), "CreateAggregate", "Makes an aggregate of no hosts yet.");
        Named(routes.MapGet("/v2.1/os-aggregates/{id}", ShowAsync), "ShowAggregate", "One aggregate.");
        Named(routes.MapPut("/v2.1/os-aggregates/{id}", UpdateAsync), "UpdateAggregate", "Changes an aggregate's name or zone.");
        Named(routes.MapDelete("/v2.1/os-aggregates/{id}", DeleteAsync), "DeleteAggregate", "Removes an aggregate without hosts.");
    }

    private static void Named(RouteHandlerBuilder route, string name, string summary) => route.WithTags("Aggregates").WithName(name).WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext context, ControlPlaneDbContext db, CancellationToken ct)
    {
        context.Demand(Rule + "index");
        var aggregates = await db.Aggregates.AsNoTracking().OrderBy(row => row.Id).ToListAsync(ct);
        return NovaJson.Ok(new JsonObject
        {
            ["aggregates"] = NovaJson.Array(aggregates.Select(aggregate => AggregateDocument.Full(aggregate, context.Version()))),
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct)
    {
        context.Demand(Rule + "show");
        return Answer(context, await AggregateDocument.FindAsync(db, id, ct));
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ControlPlaneDbContext db, IIdSource ids, TimeProvider time, CancellationToken ct)
    {
        var given = Read(context, await JsonBody.ReadAsync(context), ToMake);
        context.Demand(Rule + "create");
        var name = given.GetProperty("name").GetString()!;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await RefuseTakenAsync(db, name, except: 0, ct);
        var aggregate = new Aggregate { Uuid = ids.NewGuid(), Name = name, CreatedAt = time.GetUtcNow().UtcDateTime };
        if (given.TryGetProperty(Zone.Name, out var zone) && zone.GetString() is { } text)
        {
            aggregate.Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Aggregate.ZoneKey] = text };
        }

        db.Aggregates.Add(aggregate);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return NovaJson.Ok(new JsonObject { [Root] = AggregateDocument.Brief(aggregate, context.Version()) });
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, string id, ControlPlaneDbContext db, TimeProvider time, CancellationToken ct)
    {
        var given = Read(context, await JsonBody.ReadAsync(context), ToChange);
        context.Demand(Rule + "update");
        if (!given.EnumerateObject().Any())
        {
            throw BodySchema.Error(Root, given, "{} should be non-empty");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var aggregate = await AggregateDocument.FindAsync(db, id, ct);
        if (given.TryGetProperty("name", out var name))
        {
            await RefuseTakenAsync(db, name.GetString()!, aggregate.Id, ct);
            aggregate.Name = name.GetString()!;
        }

        if (given.TryGetProperty(Zone.Name, out var zone))
        {
            await AggregateDocument.RefuseTwoZonesAsync(db, aggregate, zone.GetString(), aggregate.Hosts, "update", ct);
            var metadata = new Dictionary<string, string>(aggregate.Metadata, StringComparer.Ordinal);
            metadata.Remove(Aggregate.ZoneKey);
            if (zone.GetString() is { } text)
            {
                metadata[Aggregate.ZoneKey] = text;
            }

            aggregate.Metadata = metadata;
        }

        aggregate.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Answer(context, aggregate);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct)
    {
        context.Demand(Rule + "delete");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var aggregate = await AggregateDocument.FindAsync(db, id, ct);
        if (aggregate.Hosts.Count > 0)
        {
            throw HttpFault.BadRequest($"Cannot perform action 'delete' on aggregate {aggregate.Id}. Reason: Host aggregate is not empty.");
        }

        db.Aggregates.Remove(aggregate);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return NovaJson.Empty(StatusCodes.Status200OK);
    }

    private static IResult Answer(HttpContext context, Aggregate aggregate) =>
        NovaJson.Ok(new JsonObject { [Root] = AggregateDocument.Full(aggregate, context.Version()) });

    private static JsonElement Read(HttpContext context, JsonElement body, BodySchema schema)
    {
        var legacy = context.Nova().Legacy;
        Outer.Check(body, null, legacy);
        var given = body.GetProperty(Root);
        schema.Check(given, Root, legacy);
        AggregateDocument.CheckName(given, "name");
        AggregateDocument.CheckName(given, Zone.Name);
        return given;
    }

    private static async Task RefuseTakenAsync(ControlPlaneDbContext db, string name, int except, CancellationToken ct)
    {
        if (await db.Aggregates.AnyAsync(row => row.Name == name && row.Id != except, ct))
        {
            throw new HttpFault(StatusCodes.Status409Conflict, $"Aggregate {name} already exists.");
        }
    }
}
