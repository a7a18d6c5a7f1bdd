using System.Globalization;
using LiveMigration.Api.Bodies;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>The filters of the list of servers, as far as the database can answer them.</summary>
internal static class ServerFilters
{
    /// <summary>Narrows the servers down to what was asked for.</summary>
    public static IQueryable<Instance> Apply(IQueryable<Instance> servers, Query query, IReadOnlyList<string> statuses)
    {
        servers = WithStates(WithStatus(Existing(servers, query), statuses), query);
        if (query["host"] is { } host)
        {
            servers = servers.Where(server => server.Host == host);
        }

        if (query["node"] is { } node)
        {
            servers = servers.Where(server => server.Host == node);
        }

        if (query["uuid"] is { } uuid)
        {
            var wanted = Guid.TryParse(uuid, out var parsed) ? parsed : Guid.Empty;
            servers = servers.Where(server => server.Uuid == wanted);
        }

        if ((query["project_id"] ?? query["tenant_id"]) is { } project)
        {
            servers = servers.Where(server => server.ProjectId == project);
        }

        if (query["user_id"] is { } user)
        {
            servers = servers.Where(server => server.UserId == user);
        }

        if (query.Flag("locked") is { } locked)
        {
            servers = servers.Where(server => server.Locked == locked);
        }

        return Changed(servers, query);
    }

    private static IQueryable<Instance> Existing(IQueryable<Instance> servers, Query query) =>
        query.Flag("deleted") == true ? servers.Where(server => server.VmState == VmState.Deleted)
            : query["changes-since"] is null ? servers.Where(server => server.VmState != VmState.Deleted)
            : servers;

    private static IQueryable<Instance> Changed(IQueryable<Instance> servers, Query query)
    {
        if (query.Time("changes-since") is { } since)
        {
            servers = servers.Where(server => (server.UpdatedAt ?? server.CreatedAt) >= since);
        }

        return query.Time("changes-before") is { } before
            ? servers.Where(server => (server.UpdatedAt ?? server.CreatedAt) <= before)
            : servers;
    }

    private static IQueryable<Instance> WithStatus(IQueryable<Instance> servers, IReadOnlyList<string> statuses)
    {
        if (statuses.Count == 0)
        {
            return servers;
        }

        var behind = statuses.Select(ServerWords.Behind).Where(entry => entry is not null).Select(entry => entry!.Value).ToList();
        var any = behind.Where(entry => !entry.Migrating).SelectMany(entry => entry.States).ToArray();
        var migrating = behind.Where(entry => entry.Migrating).SelectMany(entry => entry.States).ToArray();
        return servers.Where(server => any.Contains(server.VmState)
            || (migrating.Contains(server.VmState) && server.TaskState == TaskState.Migrating));
    }

    private static IQueryable<Instance> WithStates(IQueryable<Instance> servers, Query query)
    {
        if (query["vm_state"] is { } vm)
        {
            var state = ServerWords.VmStateOf(vm);
            servers = servers.Where(server => server.VmState == state);
        }

        if (query["task_state"] is { } task)
        {
            var state = task.Equals(TaskState.Migrating.ToNova(), StringComparison.Ordinal) ? (TaskState?)TaskState.Migrating : null;
            servers = state is null ? servers.Where(_ => false) : servers.Where(server => server.TaskState == state);
        }

        if (query["power_state"] is { } power)
        {
            PowerState? state = int.TryParse(power, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (PowerState)number : null;
            servers = state is { } known && Enum.IsDefined(known)
                ? servers.Where(server => server.PowerState == known)
                : servers.Where(_ => false);
        }

        return servers;
    }
}
