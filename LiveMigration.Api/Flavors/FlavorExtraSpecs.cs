using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Flavors;

/// <summary><c>/flavors/{id}/os-extra_specs</c>: further wishes, kept by name.</summary>
internal static class FlavorExtraSpecs
{
    private const string Path = "/v2.1/flavors/{id}/os-extra_specs";
    private const string Rule = "os_compute_api:os-flavor-extra-specs:";

    private static readonly BodySchema Envelope = new(new BodyProperty("extra_specs", new TextMap(SpecKey, Numbers: true), Required: true));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand(Rule + "index");
            return Answer(await FlavorCatalog.FindAsync(db, id, context.Caller(), ct));
        }).WithTags("Flavors").WithName("ListFlavorExtraSpecs").WithSummary("A flavor's extra specs.");
        routes.MapGet(Path + "/{key}", async (HttpContext context, string id, string key, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand(Rule + "show");
            var flavor = await FlavorCatalog.FindAsync(db, id, context.Caller(), ct);
            return NovaJson.Ok(new JsonObject { [key] = flavor.ExtraSpecs.TryGetValue(key, out var value) ? value : throw Unknown(id, key) });
        }).WithTags("Flavors").WithName("ShowFlavorExtraSpec").WithSummary("One extra spec.");
        routes.MapPost(Path, async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand(Rule + "create");
            var body = await JsonBody.ReadAsync(context);
            Envelope.Check(body, null);
            var flavor = await FlavorCatalog.FindStoredAsync(db, id, ct);
            await SaveAsync(db, flavor, Merged(flavor, body.GetProperty("extra_specs")), ct);
            return NovaJson.Ok(new JsonObject { ["extra_specs"] = JsonObject.Create(body.GetProperty("extra_specs")) });
        }).WithTags("Flavors").WithName("CreateFlavorExtraSpecs").WithSummary("Adds extra specs to a flavor.");
        routes.MapPut(Path + "/{key}", async (HttpContext context, string id, string key, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand(Rule + "update");
            var body = await JsonBody.ReadAsync(context);
            if (!body.TryGetProperty(key, out _) || body.EnumerateObject().Count() != 1)
            {
                throw HttpFault.BadRequest("Request body and URI mismatch");
            }

            if (new TextMap(SpecKey, Numbers: true).Explain(body) is { } reason)
            {
                throw BodySchema.Error(key, body, reason);
            }

            var flavor = await FlavorCatalog.FindStoredAsync(db, id, ct);
            await SaveAsync(db, flavor, Merged(flavor, body), ct);
            return NovaJson.Ok(JsonObject.Create(body)!);
        }).WithTags("Flavors").WithName("UpdateFlavorExtraSpec").WithSummary("Changes an extra spec.");
        routes.MapDelete(Path + "/{key}", async (HttpContext context, string id, string key, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand(Rule + "delete");
            var flavor = await FlavorCatalog.FindStoredAsync(db, id, ct);
            var specs = flavor.ExtraSpecs.ToDictionary(StringComparer.Ordinal);
            if (!specs.Remove(key))
            {
                throw Unknown(id, key);
            }

            await SaveAsync(db, flavor, specs, ct);
            return NovaJson.Empty(StatusCodes.Status200OK);
        }).WithTags("Flavors").WithName("DeleteFlavorExtraSpec").WithSummary("Removes an extra spec.");
    }

    private static IResult Answer(Flavor flavor) => NovaJson.Ok(new JsonObject { ["extra_specs"] = FlavorDocument.ExtraSpecs(flavor) });

    private static Dictionary<string, string> Merged(Flavor flavor, JsonElement added)
    {
        var specs = flavor.ExtraSpecs.ToDictionary(StringComparer.Ordinal);
        foreach (var pair in added.EnumerateObject())
        {
            specs[pair.Name] = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText();
        }

        return specs;
    }

    private static Task<int> SaveAsync(ControlPlaneDbContext db, Flavor flavor, Dictionary<string, string> specs, CancellationToken ct)
    {
        flavor.ExtraSpecs = specs;
        return db.SaveChangesAsync(ct);
    }

    private static bool SpecKey(string key) =>
        key.Length is >= 1 and <= 255 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or ':' or '.' or ' ');

    private static HttpFault Unknown(string id, string key) => HttpFault.NotFound($"Flavor {id} has no extra specs with key {key}.");
}
