using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using MediatR;

namespace LiveMigration.Api.Servers;

/// <summary>
/// <c>pause</c>, <c>unpause</c>, <c>suspend</c>, <c>resume</c>, <c>os-start</c>, <c>os-stop</c> and <c>reboot</c>. 202 says
/// that it is being done; the outcome is in the server and in the action of this request's id.
/// </summary>
internal static class PowerActions
{
    public const string RebootKey = "reboot";

    private static readonly BodySchema Reboot = new(
        new BodyProperty("type", BodyType.OneOf("HARD", "Hard", "hard", "SOFT", "Soft", "soft"), Required: true));

    /// <summary>Those whose arguments Nova does not look at, with their policies.</summary>
    private static readonly Dictionary<string, (PowerAction Action, string Rule)> Plain = new(StringComparer.Ordinal)
    {
        ["pause"] = (PowerAction.Pause, "os_compute_api:os-pause-server:pause"),
        ["unpause"] = (PowerAction.Unpause, "os_compute_api:os-pause-server:unpause"),
        ["suspend"] = (PowerAction.Suspend, "os_compute_api:os-suspend-server:suspend"),
        ["resume"] = (PowerAction.Resume, "os_compute_api:os-suspend-server:resume"),
        ["os-start"] = (PowerAction.Start, "os_compute_api:servers:start"),
        ["os-stop"] = (PowerAction.Stop, "os_compute_api:servers:stop"),
    };

    /// <summary>The keys of <see cref="RunAsync"/>.</summary>
    public static IEnumerable<string> Keys => Plain.Keys;

    public static Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        var (power, rule) = Plain[action.Name];
        return SendAsync(context, id, power, rule, ct);
    }

    public static Task<IResult> RebootAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        Reboot.Check(action.Value, RebootKey);
        var hard = action.Value.GetProperty("type").GetString()!.Equals("hard", StringComparison.OrdinalIgnoreCase);
        return SendAsync(context, id, hard ? PowerAction.RebootHard : PowerAction.RebootSoft, "os_compute_api:servers:reboot", ct);
    }

    private static async Task<IResult> SendAsync(HttpContext context, string id, PowerAction action, string rule, CancellationToken ct)
    {
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(rule);
        await context.RequestServices.GetRequiredService<IMediator>()
            .Send(new RequestPowerAction.Request(uuid, action, context.Caller()), ct);
        return NovaJson.Accepted();
    }
}
