using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;

namespace LiveMigration.Api.Servers;

/// <summary>Which servers a caller may list: the project's own, or all where the rules let it; and by which filters.</summary>
internal static class ServerScope
{
    private const string Rule = "os_compute_api:servers:";

    // Filters that everybody may use, by the minor version they came with; others of a caller who may not are dropped unsaid.
    private static readonly Dictionary<string, int> Open = new(StringComparer.Ordinal)
    {
        ["reservation_id"] = 1, ["name"] = 1, ["status"] = 1, ["image"] = 1, ["flavor"] = 1, ["ip"] = 1, ["changes-since"] = 1,
        ["all_tenants"] = 1, ["limit"] = 1, ["marker"] = 1, ["sort_key"] = 1, ["sort_dir"] = 1,
        ["ip6"] = 5, ["tags"] = 26, ["tags-any"] = 26, ["not-tags"] = 26, ["not-tags-any"] = 26,
        ["changes-before"] = 66, ["locked"] = 73,
        ["availability_zone"] = 83, ["config_drive"] = 83, ["key_name"] = 83, ["created_at"] = 83, ["launched_at"] = 83,
        ["terminated_at"] = 83, ["power_state"] = 83, ["task_state"] = 83, ["vm_state"] = 83, ["progress"] = 83, ["user_id"] = 83,
        ["hostname"] = 90,
    };

    /// <summary>The filters that hold, and the project that is listed; null for all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind"><c>index</c> or <c>detail</c>.</param>
    /// <param name="asked">The filters that were asked for.</param>
    /// <param name="statuses">The statuses that were asked for.</param>
    /// <exception cref="HttpFault">400: it is not clear what is asked for; 403: the rules don't let the caller.</exception>
    public static (Query Query, string? Project) Of(HttpContext context, string kind, Query asked, IReadOnlyList<string> statuses)
    {
        context.Demand(Rule + kind);
        if (!context.Caller().IsAdmin && statuses is [var only] && only.Equals("DELETED", StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpFault(StatusCodes.Status403Forbidden, "Only administrators may list deleted instances");
        }

        var query = context.Allows(Rule + "allow_all_filters")
            ? asked
            : asked.Without(name => !Open.TryGetValue(name, out var from) || !context.Version().AtLeast(from));
        if (IsForAll(asked))
        {
            context.Demand($"{Rule}{kind}:get_all_tenants");
            return (query, null);
        }

        // Only who lists all may choose whose.
        return (query.Without(name => name is "project_id" or "tenant_id"), context.Caller().ProjectId);
    }

    private static bool IsForAll(Query asked) => asked["all_tenants"] switch
    {
        null => false,
        "" => true,
        var word => asked.Flag("all_tenants") ?? throw HttpFault.BadRequest(
            $"Invalid input received: Unrecognized value '{word}', acceptable values are: '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"),
    };
}
