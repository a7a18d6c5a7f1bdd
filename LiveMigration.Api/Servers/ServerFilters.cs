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

        if (query["flavor"] is { } flavor)
        {
            servers = servers.Where(server => server.FlavorId == flavor
                || (server.FlavorId == null && "m" + server.MemoryMiB + "c" + server.Vcpus == flavor));
        }

        if (query["image"] is { } image)
        {
            // A server that was not made of an image shows an empty one.
            Guid? made = image.Length == 0 ? null : Guid.TryParse(image, out var parsed) ? parsed : Guid.Empty;
            servers = servers.Where(server => server.ImageId == made);
        }

        if (query.Flag("locked") is { } locked)
        {
            servers = servers.Where(server => server.Locked == locked);
        }

        // Addresses are not given out here, and none is known of any server.
        if (query["ip"] is { Length: > 0 } || query["ip6"] is { Length: > 0 })
        {
            servers = servers.Where(_ => false);
        }

        if ((query["description"] ?? query["display_description"]) is { Length: > 0 } description)
        {
            servers = servers.Where(server => server.Description != null && server.Description.Contains(description));
        }

        return Changed(TagFilters.Apply(servers, query), query);
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

        // As Nova does: ACTIVE finds a migrating server too, for that is what its vm_state says.
        var behind = statuses.Select(ServerWords.Behind).Where(entry => entry is not null).Select(entry => entry!.Value).ToList();
        var any = behind.Where(entry => entry.Task is null).SelectMany(entry => entry.States).ToArray();
        var moving = Of(TaskState.Migrating);
        var rebooting = Of(TaskState.Rebooting);
        var hard = Of(TaskState.RebootingHard);
        return servers.Where(server => any.Contains(server.VmState)
            || (moving.Contains(server.VmState) && server.TaskState == TaskState.Migrating)
            || (rebooting.Contains(server.VmState) && server.TaskState == TaskState.Rebooting)
            || (hard.Contains(server.VmState) && server.TaskState == TaskState.RebootingHard));

        VmState[] Of(TaskState task) => [.. behind.Where(entry => entry.Task == task).SelectMany(entry => entry.States)];
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
            var state = ServerWords.TaskStateOf(task);
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
