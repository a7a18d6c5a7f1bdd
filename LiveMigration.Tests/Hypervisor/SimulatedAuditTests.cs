using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>The cloud notices what must never be, and tells the same story twice.</summary>
public sealed class SimulatedAuditTests
{
    private static readonly Guid Guest = SimulatedScene.Guest;

    [Fact]
    public void A_planted_double_run_is_found()
    {
        using var scene = new SimulatedScene();
        scene.Advance(3);

        scene.Cloud.StartByHand("b", Guest);

        Assert.Equal(["guest web ran on a and b at 3.000 s"], scene.Cloud.Audit());
    }

    [Fact]
    public async Task Resuming_what_was_handed_over_is_found()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.HoldAt(TransferPhase.AfterHandover);
        var transfer = scene.Begin();
        scene.Advance(60);
        scene.Cloud.BreakStream("a", "b");
        await Record.ExceptionAsync(() => transfer);
        Assert.Empty(scene.Cloud.Audit());

        await scene.Driver.ResumeAsync("a", Guest, SimulatedScene.Ct);

        Assert.Contains("ran on a and b", Assert.Single(scene.Cloud.Audit()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_host_that_a_guest_runs_on_is_written_down()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();
        scene.Advance(60);
        await transfer;

        Assert.Equal(
            [("a", true, RunCause.Started), ("a", false, RunCause.HandedOver), ("b", true, RunCause.HandedOver)],
            scene.Cloud.RunLedger.Select(e => (e.Host, e.Runs, e.Cause)));
        var stood = scene.Cloud.RunLedger[2].At - scene.Cloud.RunLedger[1].At;
        Assert.Equal((await scene.CompletedAsync()).Downtime, stood);
    }

    [Fact]
    public async Task The_same_calls_at_the_same_instants_give_the_same_history()
    {
        var first = await PlayAsync();
        var second = await PlayAsync();

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task The_demo_cluster_can_be_moved_around_in()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddSimulatedHypervisor().BuildServiceProvider();
        var driver = services.GetRequiredService<IComputeDriver>();
        Assert.Equal(["alder", "birch", "cedar"], driver.Hosts);
        var web = (await driver.ListGuestsAsync("alder", SimulatedScene.Ct))
            .Single(g => string.Equals(g.Name, "web-frontend", StringComparison.Ordinal));

        var transfer = driver.TransferAsync("alder", web.Uuid, SimulatedScene.ToB with { Destination = "birch" }, SimulatedScene.Ct);
        time.Advance(TimeSpan.FromMinutes(1));
        await transfer;

        Assert.Equal(GuestState.Running, (await driver.FindGuestAsync("birch", web.Uuid, SimulatedScene.Ct))?.State);
    }

    [Fact]
    public async Task No_fault_but_a_killed_qemu_makes_two_of_a_guest_or_none()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            using var scene = new SimulatedScene(g => g with { DirtyMiBps = 37, WorkingSetMiB = 311 });
            var dice = new Random(seed);
            // Most phases are short: a fault would hardly ever fall into them by itself.
            var phase = (TransferPhase)dice.Next((int)TransferPhase.Broken);
            scene.Cloud.HoldAt(phase);
            _ = scene.Begin(SimulatedScene.ToB with { PermitPostCopy = true });
            for (var i = 0; i < 24; i++)
            {
                if (i == 16) scene.Cloud.Release(phase);
                scene.Advance(dice.NextDouble() * 3);
                await DisturbAsync(scene, dice.Next(9));
                Assert.Empty(scene.Cloud.Audit());
            }

            scene.Cloud.StartLibvirtd("a");
            scene.Cloud.StartLibvirtd("b");
            GuestState?[] states = [await scene.StateAsync("a"), await scene.StateAsync("b")];
            Assert.True(
                states.Count(s => s is GuestState.Running or GuestState.RunningPostCopy) == 1
                    || states.Contains(GuestState.PostCopyFailed) || scene.Cloud.PhaseOf(Guest) == TransferPhase.Handover,
                $"seed {seed}: {states[0]} and {states[1]}");
        }
    }

    private static ValueTask<Exception?> DisturbAsync(SimulatedScene scene, int fault) => Record.ExceptionAsync(async () =>
    {
        switch (fault)
        {
            case 0: scene.Cloud.CutLink("a", "b"); break;
            case 1: scene.Cloud.HealLink("a", "b"); break;
            case 2: scene.Cloud.BreakStream("a", "b"); break;
            case 3: scene.Cloud.KillLibvirtd("a"); break;
            case 4: scene.Cloud.StartLibvirtd("a"); break;
            case 5: scene.Cloud.KillLibvirtd("b"); break;
            case 6: scene.Cloud.StartLibvirtd("b"); break;
            case 7: await scene.Driver.StartPostCopyAsync("a", Guest, SimulatedScene.Ct); break;
            default: _ = scene.Begin(SimulatedScene.ToB with { PermitPostCopy = true }); break;
        }
    });

    private static async Task<IReadOnlyList<SimulatedHistoryEntry>> PlayAsync()
    {
        using var scene = new SimulatedScene(g => g with { DirtyMiBps = 37, WorkingSetMiB = 311 });
        var dice = new Random(7);
        _ = scene.Begin(SimulatedScene.ToB with { BandwidthMiBps = 70, AutoConverge = true });
        for (var i = 0; i < 50; i++)
        {
            scene.Advance(dice.NextDouble());
            if (i == 20) scene.Cloud.CutLink("a", "b");
            if (i == 30) scene.Cloud.HealLink("a", "b");
            await scene.StateAsync("a");
        }

        return scene.Cloud.History;
    }
}
