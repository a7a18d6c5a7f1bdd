using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;

namespace LiveMigration.Api.Servers;

/// <summary>
/// <c>os-migrateLive</c>, seed step 1: moves a running server. 202 says that the move is recorded; its outcome is in
/// the migration and in the action of this request's id.
/// </summary>
internal static class MigrateLiveAction
{
    public const string Key = "os-migrateLive";

    private static readonly BodyProperty Host = new("host", BodyType.HostOrNull, Required: true);
    private static readonly BodyProperty BlockOrAuto = new("block_migration", BodyType.Boolish("auto"), Required: true);

    // 2.1 to 2.24
    private static readonly BodySchema WithOverCommit = new(
        new BodyProperty("block_migration", BodyType.Boolish(), Required: true),
        new BodyProperty("disk_over_commit", BodyType.Boolish(), Required: true),
        Host);

    // 2.25 to 2.29, and again from 2.68 on
    private static readonly BodySchema Plain = new(BlockOrAuto, Host);

    // 2.30 to 2.67
    private static readonly BodySchema WithForce = new(BlockOrAuto, Host, new BodyProperty("force", BodyType.Boolish()));

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var body = action.Value;
        var nova = context.Nova();
        SchemaOf(nova.Version).Check(body, Key, nova.Legacy);
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        Demand(context, body.GetProperty("host").GetString());
        await context.RequestServices.GetRequiredService<IMediator>().Send(ToRequest(uuid, body, nova.Version, context.Caller()), ct);
        return NovaJson.Accepted();
    }

    /// <summary>Goes on only if the caller may move a server, and to a host that it names.</summary>
    public static void Demand(HttpContext context, string? host)
    {
        const string rule = "os_compute_api:os-migrate-server:migrate_live";
        context.Demand(rule);
        if (host is not null)
        {
            context.Demand(rule + ":host");
        }
    }

    private static BodySchema SchemaOf(Microversion version) =>
        version.AtLeast(68) ? Plain : version.AtLeast(30) ? WithForce : version.AtLeast(25) ? Plain : WithOverCommit;

    private static StartLiveMigration.Request ToRequest(Guid uuid, JsonElement body, Microversion version, Caller caller)
    {
        var host = body.GetProperty("host").GetString();
        var knowsForce = version.AtLeast(30) && !version.AtLeast(68);
        var force = knowsForce && body.TryGetProperty("force", out var forced) && BodyType.ReadBoolish(forced) == true;
        if (force && host is null)
        {
            throw HttpFault.BadRequest("Can't force to a non-provided destination");
        }

        return new StartLiveMigration.Request(
            uuid,
            host,
            // Naming a host meant to go there unasked until 2.30, and with force until 2.68.
            Scheduled: host is null || (version.AtLeast(30) && !force),
            BodyType.ReadBoolish(body.GetProperty("block_migration")) switch
            {
                true => BlockMigration.Yes,
                false => BlockMigration.No,
                null => BlockMigration.Auto,
            },
            version.AtLeast(25) ? null : BodyType.ReadBoolish(body.GetProperty("disk_over_commit")),
            WaitForChecks: !version.AtLeast(34),
            caller);
    }
}
