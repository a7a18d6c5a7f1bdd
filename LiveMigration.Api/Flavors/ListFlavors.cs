using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Flavors;

/// <summary><c>GET /flavors</c> and <c>/flavors/detail</c>: by id, a page at a time.</summary>
internal static class ListFlavors
{
    private static readonly QuerySchema Parameters = new(
        75,
        [
            new("limit", QueryKind.Count),
            .. new[] { "marker", "is_public", "minRam", "minDisk", "sort_key", "sort_dir" }.Select(name => new QueryParameter(name)),
        ]);

    private static readonly Dictionary<string, Func<Flavor, IComparable?>> SortKeys = new(StringComparer.Ordinal)
    {
        ["flavorid"] = flavor => flavor.FlavorId,
        ["id"] = flavor => flavor.Id,
        ["name"] = flavor => flavor.Name,
        ["memory_mb"] = flavor => flavor.MemoryMiB,
        ["vcpus"] = flavor => flavor.Vcpus,
        ["root_gb"] = flavor => flavor.DiskGiB,
        ["ephemeral_gb"] = flavor => flavor.EphemeralGiB,
        ["swap"] = flavor => flavor.SwapMiB,
        ["rxtx_factor"] = flavor => flavor.RxTxFactor,
        ["is_public"] = flavor => flavor.IsPublic,
        ["created_at"] = flavor => flavor.CreatedAt,
        ["updated_at"] = flavor => flavor.UpdatedAt,
        ["description"] = flavor => flavor.Description,
        ["disabled"] = _ => false,
        ["vcpu_weight"] = _ => null,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/flavors", (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
                AnswerAsync(context, db, FlavorDocument.Brief, ct))
            .WithTags("Flavors").WithName("ListFlavors").WithSummary("Flavors by id and name.");
        routes.MapGet("/v2.1/flavors/detail", (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
                AnswerAsync(context, db, FlavorDocument.Full, ct))
            .WithTags("Flavors").WithName("ListFlavorsInDetail").WithSummary("Flavors in full.");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, ControlPlaneDbContext db, Func<HttpContext, Flavor, JsonObject> item, CancellationToken ct)
    {
        var query = Parameters.Read(context);
        var flavors = Filtered(await FlavorCatalog.ListAsync(db, context.Caller(), ct), query, context.Caller());
        var sorted = Sorted(flavors, query).ToList();
        if (query["marker"] is { } marker)
        {
            var last = sorted.FindIndex(flavor => flavor.FlavorId.Equals(marker, StringComparison.Ordinal));
            sorted = last < 0 ? throw HttpFault.UnknownMarker(marker) : sorted[(last + 1)..];
        }

        var page = sorted.Take(query.Limit).ToList();
        var body = new JsonObject { ["flavors"] = NovaJson.Array(page.Select(flavor => item(context, flavor))) };
        if (page.Count > 0 && page.Count == query.Limit)
        {
            body["flavors_links"] = Links.Next(context, page[^1].FlavorId);
        }

        return NovaJson.Ok(body);
    }

    private static IEnumerable<Flavor> Filtered(IEnumerable<Flavor> flavors, Query query, Caller caller)
    {
        var (memory, disk) = (Number(query, "minRam", "min_ram"), Number(query, "minDisk", "min_disk"));
        var isPublic = IsPublic(query, caller);
        return flavors.Where(flavor => flavor.MemoryMiB >= memory && flavor.DiskGiB >= disk
            && (isPublic is null || flavor.IsPublic == isPublic || (!caller.IsAdmin && !flavor.IsPublic)));
    }

    // Nova takes the word None for "both"; without the parameter, and from those who may not ask, only public ones are meant.
    private static bool? IsPublic(Query query, Caller caller) => !caller.IsAdmin ? true : query["is_public"] switch
    {
        null => true,
        "None" or "none" => null,
        var word => query.Flag("is_public") ?? throw HttpFault.BadRequest($"Invalid is_public filter [{word}]"),
    };

    private static int Number(Query query, string name, string said) => query[name] is not { } text ? 0
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw HttpFault.BadRequest($"Invalid {said} filter [{text}]");

    private static IOrderedEnumerable<Flavor> Sorted(IEnumerable<Flavor> flavors, Query query)
    {
        var name = query["sort_key"] ?? "flavorid";
        if (!SortKeys.TryGetValue(name, out var key))
        {
            throw Invalid("sort_key", name, SortKeys.Keys);
        }

        var ascending = (query["sort_dir"] ?? "asc") switch
        {
            "asc" => true,
            "desc" => false,
            var other => throw Invalid("sort_dir", other, ["asc", "desc"]),
        };
        var comparer = Comparer<IComparable?>.Create((one, other) => one is string text && other is string otherText
            ? string.CompareOrdinal(text, otherText)
            : Comparer<IComparable?>.Default.Compare(one, other));
        return (ascending ? flavors.OrderBy(key, comparer) : flavors.OrderByDescending(key, comparer))
            .ThenBy(flavor => flavor.FlavorId, StringComparer.Ordinal);
    }

    private static HttpFault Invalid(string name, string value, IEnumerable<string> allowed) => HttpFault.BadRequest(
        $"Invalid input for query parameters {name}. Value: {value}. {PythonText.Repr(value)} is not one of [{string.Join(", ", allowed.Select(PythonText.Repr))}]");
}
