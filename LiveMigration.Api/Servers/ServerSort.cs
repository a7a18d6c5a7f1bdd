using System.Collections.Frozen;
using System.Linq.Expressions;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>The order of a list of servers: any keys in any directions, at last by age and id.</summary>
/// <param name="Keys">The keys asked for, each with its direction.</param>
internal sealed record ServerSort(IReadOnlyList<(string Key, bool Descending)> Keys)
{
    // Keys of things that are the same for all servers here, or null, sort nothing but are allowed.
    private static readonly string[] Constant =
    [
        "auto_disk_config", "availability_zone", "config_drive", "image_ref", "instance_type_id", "kernel_id", "key_name", "launch_index",
        "ramdisk_id", "root_device_name", "terminated_at",
    ];

    private static readonly FrozenDictionary<string, Expression<Func<Instance, object?>>> Columns =
        new Dictionary<string, Expression<Func<Instance, object?>>>(StringComparer.Ordinal)
        {
            ["access_ip_v4"] = server => server.AccessIpV4,
            ["access_ip_v6"] = server => server.AccessIpV6,
            ["created_at"] = server => server.CreatedAt,
            ["display_description"] = server => server.Description,
            ["display_name"] = server => server.DisplayName,
            ["host"] = server => server.Host,
            ["hostname"] = server => server.Hostname,
            ["launched_at"] = server => server.LaunchedAt,
            ["locked"] = server => server.Locked,
            ["locked_by"] = server => server.LockedBy,
            ["node"] = server => server.Host,
            ["power_state"] = server => server.PowerState,
            ["progress"] = server => server.Progress,
            ["project_id"] = server => server.ProjectId,
            ["task_state"] = server => server.TaskState,
            ["updated_at"] = server => server.UpdatedAt,
            ["user_id"] = server => server.UserId,
            ["uuid"] = server => server.Uuid,
            ["vm_state"] = server => server.VmState,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True when nothing was asked for: newest first.</summary>
    public bool IsDefault => Keys.Count == 0;

    /// <summary>Reads a request's repeated <c>sort_key</c> and <c>sort_dir</c>.</summary>
    /// <exception cref="HttpFault">400.</exception>
    public static ServerSort Read(HttpContext context)
    {
        var keys = context.Request.Query["sort_key"].Select(key => key ?? "").ToList();
        var directions = context.Request.Query["sort_dir"].Select(direction => direction ?? "").ToList();
        foreach (var key in keys.Where(key => !Columns.ContainsKey(key) && !Constant.Contains(key, StringComparer.Ordinal)))
        {
            var known = string.Join(", ", Columns.Keys.Concat(Constant).Order(StringComparer.Ordinal).Select(PythonText.Repr));
            throw HttpFault.BadRequest($"Invalid input for query parameters sort_key. Value: {key}. {PythonText.Repr(key)} is not one of [{known}]");
        }

        if (directions.Exists(direction => direction is not ("asc" or "desc")))
        {
            throw HttpFault.BadRequest("Unknown sort direction, must be 'asc' or 'desc'.");
        }

        if (directions.Count > Math.Max(keys.Count, 1))
        {
            throw HttpFault.BadRequest("Sort direction size exceeds sort key size");
        }

        if (keys.Count == 0)
        {
            return new ServerSort(directions is ["asc"] ? [("created_at", false), ("uuid", false)] : []);
        }

        // What is left out is as the first: Nova's rule.
        var first = directions.Count > 0 ? directions[0] : "desc";
        return new ServerSort(
        [
            .. keys.Select((key, number) => (key, (number < directions.Count ? directions[number] : first) is "desc")),
            ("created_at", first is "desc"),
            ("uuid", first is "desc"),
        ]);
    }

    /// <summary>Sorts.</summary>
    public IOrderedQueryable<Instance> Apply(IQueryable<Instance> servers)
    {
        IOrderedQueryable<Instance>? sorted = null;
        foreach (var (key, descending) in Keys.Where(one => Columns.ContainsKey(one.Key)))
        {
            var column = Columns[key];
            sorted = (sorted, descending) switch
            {
                (null, true) => servers.OrderByDescending(column),
                (null, false) => servers.OrderBy(column),
                (_, true) => sorted.ThenByDescending(column),
                (_, false) => sorted.ThenBy(column),
            };
        }

        return sorted ?? servers.OrderByDescending(server => server.CreatedAt).ThenByDescending(server => server.Uuid);
    }
}
