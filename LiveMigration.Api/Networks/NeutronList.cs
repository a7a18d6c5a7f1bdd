using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Networks;

/// <summary>Neutron's way to filter: any key of a document may be asked for, several values of one key are alternatives.</summary>
/// <param name="Kind">What one of the documents is called, <c>Network</c>.</param>
/// <param name="Key">The key of the list, <c>networks</c>.</param>
/// <param name="SortKeys">The keys that it can be sorted by.</param>
internal sealed record NeutronList(string Kind, string Key, params string[] SortKeys)
{
    public static NeutronList Networks { get; } =
        new("Network", "networks", "id", "name", "admin_state_up", "status", "tenant_id", "project_id", "mtu", "shared", "router:external");

    public static NeutronList Subnets { get; } =
        new("Subnet", "subnets", "id", "name", "network_id", "ip_version", "cidr", "gateway_ip", "enable_dhcp", "tenant_id", "project_id");

    public static NeutronList Ports { get; } = new(
        "Port", "ports", "id", "name", "network_id", "mac_address", "admin_state_up", "status", "device_id", "device_owner", "tenant_id", "project_id");

    // How to show and to page, not what to show.
    private static readonly string[] Others = ["fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir"];

    /// <summary>Those that fit the request's parameters, a page of them, with the fields that were asked for.</summary>
    public IResult Answer(HttpContext context, IEnumerable<JsonObject> documents)
    {
        var query = context.Request.Query;
        if (NeutronPage.Explain(query, this) is { } refusal)
        {
            return refusal;
        }

        foreach (var (name, values) in query.Where(pair => !Others.Contains(pair.Key, StringComparer.Ordinal)))
        {
            documents = documents.Where(document => document.TryGetPropertyValue(name, out var value)
                ? values.Any(wanted => Word(value).Equals(wanted, StringComparison.OrdinalIgnoreCase))
                : name.Equals("ip_version", StringComparison.Ordinal));
        }

        if (NeutronPage.Of(context, documents) is not { } page)
        {
            return NeutronFault.NotFound(Kind, query["marker"].LastOrDefault() ?? "");
        }

        var fields = query["fields"].OfType<string>().ToList();
        var body = new JsonObject { [Key] = NovaJson.Array(page.Documents.Select(document => Cut(document, fields))) };
        if (page.Links.Count > 0)
        {
            body[$"{Key}_links"] = page.Links;
        }

        return NovaJson.Ok(body);
    }

    /// <summary>One of these by its id.</summary>
    public IResult One(string key, string id, IEnumerable<JsonObject> documents) =>
        documents.FirstOrDefault(document => ((string?)document["id"])!.Equals(id, StringComparison.Ordinal)) is { } found
            ? NovaJson.Ok(new JsonObject { [key] = found })
            : NeutronFault.NotFound(Kind, id);

    internal static string Word(JsonNode? value) => value?.ToString() ?? "";

    private static JsonObject Cut(JsonObject document, List<string> fields)
    {
        if (fields.Count > 0)
        {
            foreach (var name in document.Select(pair => pair.Key).Except(fields, StringComparer.Ordinal).ToList())
            {
                document.Remove(name);
            }
        }

        return document;
    }
}
