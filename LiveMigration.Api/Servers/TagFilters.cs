using LiveMigration.Api.Bodies;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>The filters of the list of servers by tags, from 2.26 on: all of them, any, or the opposite.</summary>
internal static class TagFilters
{
    /// <summary>Narrows the servers down.</summary>
    public static IQueryable<Instance> Apply(IQueryable<Instance> servers, Query query)
    {
        foreach (var tag in Tags(query, "tags"))
        {
            servers = servers.Where(server => server.Tags.Contains(tag));
        }

        if (Tags(query, "tags-any") is { Length: > 0 } any)
        {
            servers = servers.Where(server => server.Tags.Any(tag => any.Contains(tag)));
        }

        if (Tags(query, "not-tags") is { Length: > 0 } notAll)
        {
            var count = notAll.Length;
            servers = servers.Where(server => server.Tags.Count(tag => notAll.Contains(tag)) < count);
        }

        if (Tags(query, "not-tags-any") is { Length: > 0 } none)
        {
            servers = servers.Where(server => !server.Tags.Any(tag => none.Contains(tag)));
        }

        return servers;
    }

    private static string[] Tags(Query query, string name) =>
        query[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray() ?? [];
}
