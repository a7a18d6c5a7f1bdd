using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Simulated;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>Each knob does what its name says, and no more.</summary>
public sealed class SimulatedKnobsTests
{
    private static readonly Guid Guest = SimulatedScene.Guest;

    private static CancellationToken Ct => SimulatedScene.Ct;

    [Theory]
    [InlineData(TransferPhase.BeforeTransfer, GuestState.Running, null)]
    [InlineData(TransferPhase.Preparing, GuestState.Running, GuestState.Incoming)]
    [InlineData(TransferPhase.MemoryCopy, GuestState.Running, GuestState.Incoming)]
    [InlineData(TransferPhase.BeforeHandover, GuestState.Running, GuestState.Incoming)]
    [InlineData(TransferPhase.Handover, GuestState.PausedMigrated, GuestState.Incoming)]
    [InlineData(TransferPhase.AfterHandover, GuestState.PausedMigrated, GuestState.Running)]
    public async Task A_held_transfer_stays_in_its_phase_until_it_is_released(
        TransferPhase phase, GuestState source, GuestState? destination)
    {
        using var scene = new SimulatedScene();
        scene.Cloud.HoldAt(phase);
        var transfer = scene.Begin();

        scene.Advance(3_600);
        Assert.True(scene.Cloud.IsHeldAt(phase, Guest));
        Assert.Equal((source, destination), (await scene.StateAsync("a"), await scene.StateAsync("b")));

        scene.Cloud.Release(phase);
        scene.Advance(3_600);
        await transfer;
        Assert.Equal((null, GuestState.Running), (await scene.StateAsync("a"), await scene.StateAsync("b")));
        Assert.Empty(scene.Cloud.Audit());
    }

    [Theory]
    [InlineData(TransferPhase.BeforeTransfer)]
    [InlineData(TransferPhase.Preparing)]
    [InlineData(TransferPhase.MemoryCopy)]
    [InlineData(TransferPhase.BeforeHandover)]
    [InlineData(TransferPhase.Handover)]
    public async Task Before_the_guest_runs_at_the_destination_every_failure_leaves_it_at_the_source(TransferPhase phase)
    {
        Action<SimulatedCloud>[] faults =
        [
            c => c.BreakStream("a", "b"),
            c => c.KillLibvirtd("b"),
            c => c.KillLibvirtd("a"),
        ];
        foreach (var fault in faults)
        {
            using var scene = new SimulatedScene();
            scene.Cloud.HoldAt(phase);
            var transfer = scene.Begin();
            scene.Advance(60);

            fault(scene.Cloud);

            await Assert.ThrowsAnyAsync<ControlPlaneException>(() => transfer);
            scene.Cloud.StartLibvirtd("a");
            scene.Cloud.StartLibvirtd("b");
            Assert.Equal((GuestState.Running, null), (await scene.StateAsync("a"), await scene.StateAsync("b")));
            Assert.Null(scene.Cloud.PhaseOf(Guest));
            Assert.Empty(scene.Cloud.Audit());
        }
    }

    [Fact]
    public async Task A_source_that_was_not_told_keeps_a_paused_leftover()
    {
        using var scene = new SimulatedScene();
        var mark = new MigrationMark(new Guid(9, 0, 0, new byte[8]), 1, "a", "b");
        await scene.Driver.SetMarkAsync("a", Guest, mark, Ct);
        scene.Cloud.HoldAt(TransferPhase.AfterHandover);
        var transfer = scene.Begin();
        scene.Advance(60);

        scene.Cloud.BreakStream("a", "b");

        await Assert.ThrowsAsync<HypervisorRefused>(() => transfer);
        Assert.Equal((GuestState.PausedMigrated, GuestState.Running), (await scene.StateAsync("a"), await scene.StateAsync("b")));
        Assert.True(await scene.Driver.RemoveLeftoverAsync("a", Guest, mark, Ct));
        Assert.Null(await scene.StateAsync("a"));
        Assert.Empty(scene.Cloud.Audit());
    }

    [Fact]
    public async Task A_call_fails_as_often_as_it_was_told_to_and_does_nothing()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.FailNext("a", SimulatedOperation.Suspend, new HypervisorRefused("a", "no"));

        await Assert.ThrowsAsync<HypervisorRefused>(() => scene.Driver.SuspendAsync("a", Guest, Ct));
        Assert.Equal(GuestState.Running, await scene.StateAsync("a"));
        await scene.Driver.SuspendAsync("a", Guest, Ct);
        Assert.Equal(GuestState.Paused, await scene.StateAsync("a"));
    }

    [Fact]
    public async Task A_call_whose_reply_is_lost_is_done_all_the_same()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.LoseReply("a", SimulatedOperation.Suspend);
        await Assert.ThrowsAsync<HypervisorUnavailable>(() => scene.Driver.SuspendAsync("a", Guest, Ct));
        Assert.Equal(GuestState.Paused, await scene.StateAsync("a"));

        scene.Cloud.LoseReply("a", SimulatedOperation.Transfer);
        var transfer = scene.Begin();
        scene.Advance(60);
        await Assert.ThrowsAsync<HypervisorUnavailable>(() => transfer);
        Assert.Equal((null, GuestState.Paused), (await scene.StateAsync("a"), await scene.StateAsync("b")));
    }

    [Fact]
    public async Task A_controller_that_is_cut_off_or_restarted_does_not_disturb_the_transfer()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();
        scene.Advance(5);

        scene.Cloud.CutControl("a");
        await Assert.ThrowsAsync<HypervisorUnavailable>(() => transfer);
        await Assert.ThrowsAsync<HypervisorUnavailable>(() => scene.StateAsync("a"));
        Assert.False(scene.Driver.GetLink("a").Open);
        scene.Cloud.HealControl("a");

        var restarted = new SimulatedDriver(scene.Cloud);
        Assert.Equal(JobState.Active, (await restarted.GetJobAsync("a", Guest, Ct)).State);
        scene.Advance(60);
        Assert.Equal(GuestState.Running, (await restarted.FindGuestAsync("b", Guest, Ct))?.State);
    }

    [Fact]
    public async Task A_cut_link_stalls_a_transfer_and_a_healed_one_goes_on()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();
        scene.Advance(5);
        var before = await scene.JobAsync();

        scene.Cloud.CutLink("a", "b");
        scene.Advance(20);
        Assert.Equal(before.MemoryRemaining, (await scene.JobAsync()).MemoryRemaining);
        scene.Cloud.HealLink("b", "a");
        scene.Advance(60);

        await transfer;
        Assert.Equal(GuestState.Running, await scene.StateAsync("b"));
    }

    [Fact]
    public async Task A_post_copy_whose_stream_breaks_stands_still_on_both_hosts()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.HoldAt(TransferPhase.PostCopy);
        var transfer = scene.Begin(SimulatedScene.ToB with { PermitPostCopy = true });
        scene.Advance(5);
        await scene.Driver.StartPostCopyAsync("a", Guest, Ct);
        scene.Advance(60);

        scene.Cloud.BreakStream("a", "b");

        await Assert.ThrowsAsync<HypervisorRefused>(() => transfer);
        Assert.Equal((GuestState.PostCopyFailed, GuestState.PostCopyFailed), (await scene.StateAsync("a"), await scene.StateAsync("b")));
        Assert.Equal(JobState.Active, (await scene.JobAsync()).State);
    }

    [Fact]
    public async Task Killing_the_incoming_qemu_fails_the_transfer_only()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();
        scene.Advance(5);

        scene.Cloud.KillQemu("b", Guest);

        await Assert.ThrowsAsync<HypervisorRefused>(() => transfer);
        Assert.Equal((GuestState.Running, null), (await scene.StateAsync("a"), await scene.StateAsync("b")));
    }

    [Fact]
    public async Task Killing_the_sources_qemu_ends_the_guest_and_leaves_its_definition()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();
        scene.Advance(5);

        scene.Cloud.KillQemu("a", Guest);

        await Assert.ThrowsAsync<HypervisorRefused>(() => transfer);
        Assert.Equal((GuestState.Off, null), (await scene.StateAsync("a"), await scene.StateAsync("b")));
        Assert.Empty(scene.Cloud.Audit());
    }

    [Fact]
    public async Task A_guest_that_must_not_converge_does_not_even_if_it_writes_little()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.NeverConverge(Guest);
        _ = scene.Begin(SimulatedScene.ToB with { InitialDowntime = TimeSpan.FromHours(1) });

        scene.Advance(3_600);

        Assert.Equal(GuestState.Running, await scene.StateAsync("a"));
        await scene.Driver.AbortJobAsync("a", Guest, Ct);
        Assert.Null(await scene.StateAsync("b"));
    }

    [Fact]
    public async Task A_host_that_comes_and_goes_is_announced_and_what_happens_meanwhile_is_not()
    {
        using var scene = new SimulatedScene();
        await using var watch = scene.Driver.WatchAsync(Ct).GetAsyncEnumerator(Ct);

        scene.Cloud.CutControl("a");
        _ = scene.Driver.TransferAsync("a", Guest, SimulatedScene.ToB, Ct);
        scene.Cloud.KillQemu("a", Guest);
        scene.Cloud.HealControl("a");

        Assert.True(await watch.MoveNextAsync());
        Assert.False(Assert.IsType<HostLinkChanged>(watch.Current).Link.Open);
        Assert.True(await watch.MoveNextAsync());
        Assert.True(Assert.IsType<HostLinkChanged>(watch.Current).Link.Open);
    }

    [Fact]
    public async Task A_slow_host_answers_late()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.SlowCalls("a", TimeSpan.FromSeconds(2));

        var answer = scene.StateAsync("a");
        scene.Advance(1);
        Assert.False(answer.IsCompleted);
        scene.Advance(1);

        Assert.Equal(GuestState.Running, await answer);
    }
}
