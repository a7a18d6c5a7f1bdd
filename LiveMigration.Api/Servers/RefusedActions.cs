using System.Collections.Frozen;
using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
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
    /// <summary>Key of the body to Nova's name of the operation in its errors.</summary>
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["rebuild"] = "rebuild",
        ["resize"] = "resize",
        ["confirmResize"] = "confirmResize",
        ["revertResize"] = "revertResize",
        ["migrate"] = "migrate",
        ["rescue"] = "rescue",
        ["unrescue"] = "unrescue",
        ["shelve"] = "shelve",
        ["shelveOffload"] = "shelveOffload",
        ["unshelve"] = "unshelve",
        ["createImage"] = "createImage",
        ["createBackup"] = "createBackup",
        ["changePassword"] = "changePassword",
        ["trigger_crash_dump"] = "trigger_crash_dump",
        ["restore"] = "restore",
        ["forceDelete"] = "forceDelete",
        ["addFixedIp"] = "addFixedIp",
        ["removeFixedIp"] = "removeFixedIp",
        ["addFloatingIp"] = "addFloatingIp",
        ["removeFloatingIp"] = "removeFloatingIp",
        ["addSecurityGroup"] = "addSecurityGroup",
        ["removeSecurityGroup"] = "removeSecurityGroup",
        ["resetNetwork"] = "resetNetwork",
        ["injectNetworkInfo"] = "injectNetworkInfo",
        ["os-getVNCConsole"] = "get_vnc_console",
        ["os-getSPICEConsole"] = "get_spice_console",
        ["os-getSerialConsole"] = "get_serial_console",
        ["os-getRDPConsole"] = "get_rdp_console",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public const string EvacuateKey = "evacuate";
    public const string ConsoleOutputKey = "os-getConsoleOutput";

    /// <summary>The keys of <see cref="RunAsync"/>.</summary>
    public static IEnumerable<string> Keys => Names.Keys;

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var server = await FindAsync(context, id, ct);
        if (server.TaskState is { } task)
        {
            throw new InstanceInvalidState(server.Uuid, Names[action.Name], "task_state", task.ToNova());
        }

        throw NotOffered(action.Name);
    }

    /// <summary>Nova moves a server off a dead host only, and says so first.</summary>
    public static async Task<IResult> EvacuateAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var server = await FindAsync(context, id, ct);
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

        await FindAsync(context, id, ct);
        throw HttpFault.NotFound("Guest does not have a console available.");
    }

    private static HttpFault NotOffered(string key) => HttpFault.BadRequest($"Action '{key}' is not offered by this controller.");

    private static async Task<Instance> FindAsync(HttpContext context, string id, CancellationToken ct)
    {
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        return await db.Instances.AsNoTracking().SingleAsync(server => server.Uuid == uuid, ct);
    }
}
