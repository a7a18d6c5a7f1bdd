using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Aggregates;

/// <summary>An aggregate as Nova shows it, and the way to find one.</summary>
internal static class AggregateDocument
{
    /// <summary>In full.</summary>
    public static JsonObject Full(Aggregate aggregate, Microversion version)
    {
        var document = Brief(aggregate, version);
        document["hosts"] = new JsonArray([.. aggregate.Hosts.Select(host => JsonValue.Create(host))]);
        document["metadata"] = ServerMetadata.Document(aggregate.Metadata);
        return document;
    }

    /// <summary>As it is answered when it was just made: without what it can't have yet.</summary>
    public static JsonObject Brief(Aggregate aggregate, Microversion version)
    {
        var document = new JsonObject
        {
            ["id"] = aggregate.Id,
            ["name"] = aggregate.Name,
            ["availability_zone"] = aggregate.Zone,
            ["created_at"] = NovaJson.Microseconds(aggregate.CreatedAt),
            ["updated_at"] = NovaJson.Microseconds(aggregate.UpdatedAt),
            ["deleted_at"] = null,
            ["deleted"] = false,
        };
        if (version.AtLeast(41))
        {
            document["uuid"] = aggregate.Uuid.ToString();
        }

        return document;
    }

    /// <summary>The aggregate of an id, to be changed.</summary>
    /// <exception cref="HttpFault">404.</exception>
    public static async Task<Aggregate> FindAsync(ControlPlaneDbContext db, string id, CancellationToken ct) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await db.Aggregates.SingleOrDefaultAsync(row => row.Id == number, ct) is { } aggregate
            ? aggregate
            : throw HttpFault.NotFound($"Aggregate {id} could not be found.");

    /// <summary>Refuses a host in two zones.</summary>
    /// <exception cref="HttpFault">409.</exception>
    public static async Task RefuseTwoZonesAsync(
        ControlPlaneDbContext db, Aggregate aggregate, string? zone, IEnumerable<string> hosts, string action, CancellationToken ct)
    {
        if (zone is null)
        {
            return;
        }

        var others = await db.Aggregates.AsNoTracking().Where(row => row.Id != aggregate.Id).ToListAsync(ct);
        var taken = hosts.SelectMany(host => others.Where(other => other.Zone is not null && other.Zone != zone && other.Hosts.Contains(host, StringComparer.Ordinal)))
            .Select(other => other.Zone!).Distinct(StringComparer.Ordinal).ToList();
        if (taken.Count > 0)
        {
            throw new HttpFault(
                StatusCodes.Status409Conflict,
                $"Cannot perform action '{action}' on aggregate {aggregate.Id}. Reason: One or more hosts already in different availability zone(s): "
                + $"[{string.Join(", ", taken.Select(PythonText.Repr))}].");
        }
    }

    /// <summary>Refuses a name of white space around or nothing but it.</summary>
    public static void CheckName(JsonElement value, string key)
    {
        if (value.TryGetProperty(key, out var name) && name.ValueKind == JsonValueKind.String && name.GetString()!.Trim() != name.GetString())
        {
            throw BodySchema.Error(key, name, $"{PythonText.Repr(name)} begins or ends with a space");
        }
    }
}
