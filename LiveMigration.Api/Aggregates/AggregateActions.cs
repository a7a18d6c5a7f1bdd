using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Aggregates;

/// <summary><c>POST /os-aggregates/{id}/action</c>: <c>add_host</c>, <c>remove_host</c>, <c>set_metadata</c>.</summary>
internal static class AggregateActions
{
    private const string Rule = "os_compute_api:os-aggregates:";
    private const string AddHost = "add_host";
    private const string RemoveHost = "remove_host";
    private const string SetMetadata = "set_metadata";
    private static readonly BodySchema Host = new(new BodyProperty("host", BodyType.Host, Required: true));
    private static readonly BodySchema Metadata = new(new BodyProperty("metadata", BodyType.KeysOrNulls, Required: true));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/os-aggregates/{id}/action", async (HttpContext context, string id, ControlPlaneDbContext db, TimeProvider time, CancellationToken ct) =>
        {
            var action = await JsonBody.ReadActionAsync(context);
            var schema = action.Name switch
            {
                AddHost or RemoveHost => Host,
                SetMetadata => Metadata,
                _ => throw HttpFault.BadRequest($"There is no such action: {action.Name}"),
            };
            schema.Check(action.Value, action.Name, context.Nova().Legacy);
            context.Demand(Rule + action.Name);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var aggregate = await AggregateDocument.FindAsync(db, id, ct);
            await ChangeAsync(db, aggregate, action, ct);
            aggregate.UpdatedAt = time.GetUtcNow().UtcDateTime;
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return NovaJson.Ok(new JsonObject { ["aggregate"] = AggregateDocument.Full(aggregate, context.Version()) });
        })
        .WithTags("Aggregates").WithName("RunAggregateAction")
        .WithSummary("Adds a host to an aggregate, removes one, or notes something of it.");

    private static Task ChangeAsync(ControlPlaneDbContext db, Aggregate aggregate, JsonProperty action, CancellationToken ct) => action.Name switch
    {
        AddHost => AddHostAsync(db, aggregate, action.Value.GetProperty("host").GetString()!, ct),
        RemoveHost => RemoveHostAsync(db, aggregate, action.Value.GetProperty("host").GetString()!, ct),
        _ => SetMetadataAsync(db, aggregate, action.Value.GetProperty("metadata"), ct),
    };

    private static async Task AddHostAsync(ControlPlaneDbContext db, Aggregate aggregate, string host, CancellationToken ct)
    {
        await RefuseUnknownAsync(db, host, ct);
        if (aggregate.Hosts.Contains(host, StringComparer.Ordinal))
        {
            throw new HttpFault(StatusCodes.Status409Conflict, $"Aggregate {aggregate.Id} already has host {host}.");
        }

        await AggregateDocument.RefuseTwoZonesAsync(db, aggregate, aggregate.Zone, [host], AddHost, ct);
        aggregate.Hosts = [.. aggregate.Hosts, host];
    }

    private static async Task RemoveHostAsync(ControlPlaneDbContext db, Aggregate aggregate, string host, CancellationToken ct)
    {
        await RefuseUnknownAsync(db, host, ct);
        if (!aggregate.Hosts.Contains(host, StringComparer.Ordinal))
        {
            throw HttpFault.NotFound($"Cannot remove host {host} in aggregate {aggregate.Id}");
        }

        aggregate.Hosts = [.. aggregate.Hosts.Where(one => one != host)];
    }

    private static async Task SetMetadataAsync(ControlPlaneDbContext db, Aggregate aggregate, JsonElement given, CancellationToken ct)
    {
        var metadata = new Dictionary<string, string>(aggregate.Metadata, StringComparer.Ordinal);
        foreach (var pair in given.EnumerateObject())
        {
            if (pair.Value.GetString() is { } value)
            {
                metadata[pair.Name] = value;
            }
            else
            {
                metadata.Remove(pair.Name);
            }
        }

        if (metadata.GetValueOrDefault(Aggregate.ZoneKey) is { Length: 0 })
        {
            throw HttpFault.BadRequest($"Cannot perform action '{SetMetadata}' on aggregate {aggregate.Id}. Reason: Aggregate {aggregate.Id} does not support empty named availability zone.");
        }

        ServerMetadata.RefuseTooMany(metadata);
        await AggregateDocument.RefuseTwoZonesAsync(db, aggregate, metadata.GetValueOrDefault(Aggregate.ZoneKey), aggregate.Hosts, SetMetadata, ct);
        aggregate.Metadata = metadata;
    }

    private static async Task RefuseUnknownAsync(ControlPlaneDbContext db, string host, CancellationToken ct)
    {
        if (!await db.ComputeNodes.AnyAsync(node => node.Host == host && node.Configured, ct))
        {
            throw new ComputeHostNotFound(host);
        }
    }
}
