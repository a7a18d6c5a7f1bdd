using System.Collections.Frozen;
using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>
/// Nova's actions that are not offered here: what Nova itself would refuse of a server in this state is refused in its
/// words, the rest with 400 and a reason.
/// </summary>
internal static class RefusedActions
{
    private const string Rules = "os_compute_api:";

    /// <summary>Key of the body to Nova's name of the operation in its errors, and to the rule that it is under.</summary>
    private static readonly FrozenDictionary<string, (string Name, string Rule)> Actions = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["rebuild"] = ("rebuild", "servers:rebuild"),
        ["resize"] = ("resize", "servers:resize"),
        ["confirmResize"] = ("confirmResize", "servers:confirm_resize"),
        ["revertResize"] = ("revertResize", "servers:revert_resize"),
        ["migrate"] = ("migrate", "os-migrate-server:migrate"),
        ["rescue"] = ("rescue", "os-rescue"),
        ["unrescue"] = ("unrescue", "os-unrescue"),
        ["shelve"] = ("shelve", "os-shelve:shelve"),
        ["shelveOffload"] = ("shelveOffload", "os-shelve:shelve_offload"),
        ["unshelve"] = ("unshelve", "os-shelve:unshelve"),
        ["createImage"] = ("createImage", "servers:create_image"),
        ["createBackup"] = ("createBackup", "os-create-backup"),
        ["changePassword"] = ("changePassword", "os-admin-password"),
        ["trigger_crash_dump"] = ("trigger_crash_dump", "servers:trigger_crash_dump"),
        ["restore"] = ("restore", "os-deferred-delete:restore"),
        ["forceDelete"] = ("forceDelete", "os-deferred-delete:force"),
        ["addFixedIp"] = ("addFixedIp", "os-multinic:add"),
        ["removeFixedIp"] = ("removeFixedIp", "os-multinic:remove"),
        ["addFloatingIp"] = ("addFloatingIp", "os-floating-ips:add"),
        ["removeFloatingIp"] = ("removeFloatingIp", "os-floating-ips:remove"),
        ["addSecurityGroup"] = ("addSecurityGroup", "os-security-groups:add"),
        ["removeSecurityGroup"] = ("removeSecurityGroup", "os-security-groups:remove"),
        ["resetNetwork"] = ("resetNetwork", "os-admin-actions:reset_network"),
        ["injectNetworkInfo"] = ("injectNetworkInfo", "os-admin-actions:inject_network_info"),
        ["os-getVNCConsole"] = ("get_vnc_console", "os-remote-consoles"),
        ["os-getSPICEConsole"] = ("get_spice_console", "os-remote-consoles"),
        ["os-getSerialConsole"] = ("get_serial_console", "os-remote-consoles"),
        ["os-getRDPConsole"] = ("get_rdp_console", "os-remote-consoles"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public const string EvacuateKey = "evacuate";
    public const string ConsoleOutputKey = "os-getConsoleOutput";

    /// <summary>The keys of <see cref="RunAsync"/>.</summary>
    public static IEnumerable<string> Keys => Actions.Keys;

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var (name, rule) = Actions[action.Name];
        var server = await FindAsync(context, id, rule, ct);
        if (server.TaskState is { } task)
        {
            throw new InstanceInvalidState(server.Uuid, name, "task_state", task.ToNova());
        }

        throw NotOffered(action.Name);
    }

    /// <summary>Nova moves a server off a dead host only, and says so first.</summary>
    public static async Task<IResult> EvacuateAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var server = await FindAsync(context, id, "os-evacuate", ct);
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var host = await db.ComputeNodes.AsNoTracking().SingleOrDefaultAsync(node => node.Host == server.Host, ct);
        throw host is { IsUp: true } ? HttpFault.BadRequest($"Compute service of {server.Host} is still in use.") : NotOffered(action.Name);
    }

    /// <summary>libvirt shows a console to one reader while it is written; it keeps nothing of it.</summary>
    public static async Task<IResult> ConsoleOutputAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        if (action.Value.ValueKind != JsonValueKind.Object)
        {
            throw BodySchema.Error(ConsoleOutputKey, action.Value, $"{PythonText.Repr(action.Value)} is not of type 'object'");
        }

        await FindAsync(context, id, "os-console-output", ct);
        throw HttpFault.NotFound("Guest does not have a console available.");
    }

    private static HttpFault NotOffered(string key) => HttpFault.BadRequest($"Action '{key}' is not offered by this controller.");

    // What may not be done is not explained: the rule is asked before the state.
    private static async Task<Instance> FindAsync(HttpContext context, string id, string rule, CancellationToken ct)
    {
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(Rules + rule);
        return await db.Instances.AsNoTracking().SingleAsync(server => server.Uuid == uuid, ct);
    }
}
