using System.Net;
using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>What is done to servers, as clients see it.</summary>
public sealed class ServerActionsTests
{
    private const string Idle = "/v2.1/servers/" + Scene.Idle;
    private const string IdleAction = Idle + "/action";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_paused_and_its_action_tells_so()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet, withWorkers: true);

        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"pause": null}""");
        var server = await SettledAsync(host);

        Assert.Equal(("PAUSED", 3), ((string)server["status"]!, (int)server["OS-EXT-STS:power_state"]!));
        var actions = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle + "/os-instance-actions"))!["instanceActions"]!;
        Assert.Equal("pause", (string)actions[0]!["action"]!);
        var action = (await host.ExpectAsync(HttpStatusCode.OK, "GET", $"{Idle}/os-instance-actions/{actions[0]!["request_id"]}"))!["instanceAction"]!;
        Assert.Equal(("compute_pause_instance", "Success"), ((string)action["events"]![0]!["event"]!, (string)action["events"]![0]!["result"]!));
    }

    [Fact]
    public async Task The_task_state_is_there_before_the_answer_and_stops_the_next()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"reboot": {"type": "Soft"}}""");
        var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle))!["server"]!;
        Assert.Equal(("REBOOT", "rebooting"), ((string)server["status"]!, (string)server["OS-EXT-STS:task_state"]!));

        var refused = await host.ExpectAsync(HttpStatusCode.Conflict, "POST", IdleAction, """{"os-stop": null}""");
        Assert.Equal($"Cannot 'stop' instance {Scene.Idle} while it is in task_state rebooting", refused.Message());
        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"reboot": {"type": "HARD"}}""");
        server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle))!["server"]!;
        Assert.Equal("HARD_REBOOT", (string)server["status"]!);
        await using var db = await host.OpenDatabaseAsync();
        Assert.Equal(PowerAction.RebootHard, (await db.PowerTasks.SingleAsync(Ct)).Action);
    }

    [Theory]
    [InlineData("""{"reboot": {}}""", "Invalid input for field/attribute reboot. Value: {}. 'type' is a required property")]
    [InlineData("""{"reboot": {"type": "SOON"}}""", "Invalid input for field/attribute type. Value: SOON. 'SOON' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']")]
    [InlineData("""{"reboot": null}""", "Invalid input for field/attribute reboot. Value: None. None is not of type 'object'")]
    [InlineData("""{"os-resetState": {"state": "stopped"}}""", "Invalid input for field/attribute state. Value: stopped. 'stopped' is not one of ['active', 'error']")]
    [InlineData("""{"explode": null}""", "There is no such action: explode")]
    [InlineData("""{"rescue": null}""", "Action 'rescue' is not offered by this controller.")]
    [InlineData("""{"evacuate": {}}""", "Compute service of nv1 is still in use.")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string body, string message)
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        Assert.Equal(message, (await host.ExpectAsync(HttpStatusCode.BadRequest, "POST", IdleAction, body)).Message());
    }

    [Fact]
    public async Task A_server_that_is_called_broken_is_shown_so_and_can_be_called_active_again()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);
        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"pause": null}""");

        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"os-resetState": {"state": "error"}}""");
        var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle))!["server"]!;
        Assert.Equal(("ERROR", null), ((string)server["status"]!, (string?)server["OS-EXT-STS:task_state"]));

        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"os-resetState": {"state": "active"}}""");
        Assert.Equal("ACTIVE", (string)(await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle))!["server"]!["status"]!);
    }

    [Fact]
    public async Task A_lock_is_recorded_with_its_reason_and_who_set_it()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"lock": {"locked_reason": "mine"}}""");
        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"lock": null}""");
        var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle))!["server"]!;
        Assert.Equal((true, "mine"), ((bool)server["locked"]!, (string)server["locked_reason"]!));

        await host.ExpectAsync(HttpStatusCode.Accepted, "POST", IdleAction, """{"unlock": null}""");
        var actions = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle + "/os-instance-actions"))!["instanceActions"]!.AsArray();
        Assert.Equal(["unlock", "lock"], actions.Select(action => (string)action!["action"]!));
        await using var db = await host.OpenDatabaseAsync();
        Assert.Null((await db.Instances.SingleAsync(row => row.Uuid == Guid.Parse(Scene.Idle), Ct)).LockedBy);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> SettledAsync(ApiHost host)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Idle))!["server"]!;
            if (server["OS-EXT-STS:task_state"] is null)
            {
                return server;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), server.ToJsonString());
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }
}
