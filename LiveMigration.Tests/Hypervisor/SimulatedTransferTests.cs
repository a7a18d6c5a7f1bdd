using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Simulated;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>The physics of a transfer, against what a pencil says.</summary>
public sealed class SimulatedTransferTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public async Task A_transfer_takes_what_its_passes_take()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();

        // 1 s QEMU; 1,000 MiB in 10 s dirty 100; these in 1 s dirty 10; 0.1 s + 0.1 s hand-over; 0.05 s confirmation.
        scene.Advance(12.249);
        Assert.Equal(TransferPhase.AfterHandover, scene.Cloud.PhaseOf(SimulatedScene.Guest));
        scene.Advance(0.001);
        await transfer;

        var job = await scene.CompletedAsync();
        Assert.Equal(12.25, job.Elapsed.TotalSeconds, 0.001);
        Assert.Equal(0.2, job.Downtime!.Value.TotalSeconds, 0.001);
        Assert.Equal(1_110, job.MemoryProcessed / (double)MiB, 0.01);
        Assert.Equal(2, job.Iteration);
    }

    [Fact]
    public async Task The_late_look_of_a_caller_changes_nothing()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin();

        scene.Advance(3_600);
        await transfer;

        Assert.Equal(12.25, (await scene.CompletedAsync()).Elapsed.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task On_the_systems_clock_a_transfer_ends_by_itself()
    {
        using var cloud = new SimulatedCloud(
            new SimulatedCloudOptions
            {
                Hosts = [new("a") { QemuStart = TimeSpan.FromMilliseconds(5) }, new("b") { QemuStart = TimeSpan.FromMilliseconds(5) }],
                Guests = [new(SimulatedScene.Guest, "a", "web") { MemoryMiB = 20, DirtyMiBps = 1 }],
            },
            TimeProvider.System);

        await new SimulatedDriver(cloud).TransferAsync("a", SimulatedScene.Guest, SimulatedScene.ToB, SimulatedScene.Ct);

        // 5 ms QEMU, 20 ms copy, 50 ms hand-over, 50 ms confirmation.
        Assert.InRange(cloud.Elapsed, TimeSpan.FromMilliseconds(125), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Statistics_tell_how_far_the_pass_is()
    {
        using var scene = new SimulatedScene();
        _ = scene.Begin();
        Assert.Equal(0, (await scene.JobAsync()).MemoryTotal);

        scene.Advance(5);

        var job = await scene.JobAsync();
        Assert.Equal((1_000 * MiB, 1L, 100 * MiB), (job.MemoryTotal, job.Iteration, job.MemoryBytesPerSecond));
        Assert.Equal(600, job.MemoryRemaining / (double)MiB, 0.01);
        Assert.Equal(400, job.MemoryProcessed / (double)MiB, 0.01);
        scene.Advance(6.5);
        Assert.Equal(10 * MiB, (await scene.JobAsync()).DirtyBytesPerSecond);
    }

    [Fact]
    public async Task What_is_dirtied_is_never_more_than_the_working_set()
    {
        using var scene = new SimulatedScene(g => g with { WorkingSetMiB = 50, DirtyMiBps = 100 });
        var transfer = scene.Begin(SimulatedScene.ToB with { InitialDowntime = TimeSpan.FromMilliseconds(500) });

        scene.Advance(60);
        await transfer;

        // 50 of 1,000 MiB are left after the first pass: 0.5 s to send them.
        Assert.Equal(0.6, (await scene.CompletedAsync()).Downtime!.Value.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task A_guest_that_writes_faster_than_the_link_carries_is_copied_for_ever()
    {
        using var scene = new SimulatedScene(g => g with { WorkingSetMiB = 50, DirtyMiBps = 100 });
        _ = scene.Begin();

        scene.Advance(3_600);

        Assert.Equal(TransferPhase.MemoryCopy, scene.Cloud.PhaseOf(SimulatedScene.Guest));
        Assert.True((await scene.JobAsync()).Iteration > 7_000);
        Assert.Equal(GuestState.Running, await scene.StateAsync("a"));
    }

    [Fact]
    public async Task More_downtime_ends_it_at_the_next_pass()
    {
        using var scene = new SimulatedScene(g => g with { WorkingSetMiB = 50, DirtyMiBps = 100 });
        var transfer = scene.Begin();
        scene.Advance(100);

        await scene.Driver.SetMaxDowntimeAsync("a", SimulatedScene.Guest, TimeSpan.FromSeconds(1), SimulatedScene.Ct);
        scene.Advance(2);

        await transfer;
    }

    [Fact]
    public async Task Auto_converge_throttles_until_it_fits()
    {
        using var scene = new SimulatedScene(g => g with { WorkingSetMiB = 200, DirtyMiBps = 150 });
        var transfer = scene.Begin(SimulatedScene.ToB with { AutoConverge = true });

        scene.Advance(600);

        await transfer;
        Assert.Equal(GuestState.Running, await scene.StateAsync("b"));
    }

    [Fact]
    public async Task A_cap_slows_the_stream()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin(SimulatedScene.ToB with { BandwidthMiBps = 50 });

        scene.Advance(60);
        await transfer;

        // 1 + 20 + 4 + 0.8 + (8 MiB: 0.16 + 0.1) + 0.05
        Assert.Equal(26.11, (await scene.CompletedAsync()).Elapsed.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task Two_transfers_share_a_link()
    {
        using var scene = new SimulatedScene(g => g with { DirtyMiBps = 0 });
        var other = new Guid(2, 0, 0, new byte[8]);
        scene.Cloud.AddGuest(new SimulatedGuestOptions(other, "a", "db") { MemoryMiB = 500 });
        var transfers = Task.WhenAll(scene.Begin(), scene.Driver.TransferAsync("a", other, SimulatedScene.ToB, SimulatedScene.Ct));

        scene.Advance(60);
        await transfers;

        // Both at 50 MiB/s until the smaller is through after 10 s + 0.1 s, then one at 100 MiB/s with 495 MiB left.
        Assert.Equal(1 + 10.1 + 4.95 + 0.1 + 0.05, (await scene.CompletedAsync()).Elapsed.TotalSeconds, 0.01);
    }

    [Fact]
    public async Task A_switch_to_post_copy_that_broke_in_its_middle_and_is_taken_up_again_leaves_the_definition_at_the_destination()
    {
        using var scene = new SimulatedScene();
        scene.Cloud.HoldAt(TransferPhase.Handover);
        var broken = scene.Begin(SimulatedScene.ToB with { PermitPostCopy = true });
        scene.Advance(2);
        await scene.Driver.StartPostCopyAsync("a", SimulatedScene.Guest, SimulatedScene.Ct);
        scene.Advance(1);
        scene.Cloud.BreakStream("a", "b");
        await Assert.ThrowsAnyAsync<Exception>(() => broken);
        scene.Cloud.Release(TransferPhase.Handover);

        var resumed = scene.Begin(SimulatedScene.ToB with { PermitPostCopy = true, Resume = true });
        scene.Advance(60);
        await resumed;

        var arrived = await scene.Driver.FindGuestAsync("b", SimulatedScene.Guest, SimulatedScene.Ct);
        Assert.Equal((GuestState.Running, true), (arrived!.State, arrived.Persistent));
    }

    [Fact]
    public async Task Post_copy_switches_at_once_and_fetches_the_rest()
    {
        using var scene = new SimulatedScene();
        var transfer = scene.Begin(SimulatedScene.ToB with { PermitPostCopy = true });
        scene.Advance(6);

        await scene.Driver.StartPostCopyAsync("a", SimulatedScene.Guest, SimulatedScene.Ct);
        Assert.Equal(GuestState.PausedPostCopy, await scene.StateAsync("a"));
        scene.Advance(0.11);
        Assert.Equal(GuestState.RunningPostCopy, await scene.StateAsync("b"));
        await Assert.ThrowsAsync<HypervisorRefused>(() => scene.Driver.AbortJobAsync("a", SimulatedScene.Guest, SimulatedScene.Ct));
        scene.Advance(10);
        await transfer;

        // 500 MiB not sent yet and 50 dirtied: 5.5 s.
        var job = await scene.CompletedAsync();
        Assert.Equal(6 + 0.1 + 5.5 + 0.05, job.Elapsed.TotalSeconds, 0.001);
        Assert.Equal(0.1, job.Downtime!.Value.TotalSeconds, 0.001);
        Assert.Equal(GuestState.Running, await scene.StateAsync("b"));
        Assert.Null(await scene.StateAsync("a"));
    }

    [Fact]
    public async Task A_local_disk_must_be_copied_and_takes_its_time()
    {
        var disk = new GuestDisk(
            "vda", "file", "/srv/local/web.qcow2", "qcow2", ReadOnly: false, Shareable: false, "disk", 2_000 * MiB, 1_000 * MiB);
        using var scene = new SimulatedScene(g => g with { Disks = [disk], DirtyMiBps = 0 });
        var refused = scene.Begin();
        scene.Advance(2);
        await Assert.ThrowsAsync<HypervisorRefused>(() => refused);
        Assert.Null(await scene.StateAsync("b"));

        var image = new NewDiskImage(disk.Path!, "qcow2", disk.CapacityBytes, null, ImageDetails.None);
        await new SimulatedDiskImages(scene.Cloud).CreateAsync("b", image, SimulatedScene.Ct);
        var transfer = scene.Begin(SimulatedScene.ToB with { CopyDisks = ["vda"] });
        scene.Advance(6);
        var job = await scene.JobAsync();
        Assert.Equal(500, job.DiskRemaining / (double)MiB, 0.01);
        scene.Advance(60);
        await transfer;

        Assert.Equal(1 + 10 + 10 + 0.1 + 0.05, (await scene.CompletedAsync()).Elapsed.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task A_host_without_the_cpu_refuses_the_guest()
    {
        const string Cpu = "<cpu><model>qemu64</model><feature policy='require' name='avx512f'/></cpu>";
        using var scene = new SimulatedScene(g => g with { CpuXml = Cpu });
        var description = await scene.Driver.DescribeGuestAsync("a", SimulatedScene.Guest, SimulatedScene.Ct);
        var comparison = await scene.Driver.CompareCpuAsync("b", description, SimulatedScene.Ct);
        Assert.False(comparison.Compatible);
        Assert.Contains("avx512f", comparison.Explanation, StringComparison.Ordinal);

        var transfer = scene.Begin();
        scene.Advance(2);

        await Assert.ThrowsAsync<HypervisorRefused>(() => transfer);
        Assert.Equal(GuestState.Running, await scene.StateAsync("a"));
    }

    [Fact]
    public async Task A_guest_suspended_in_mid_copy_converges_and_runs_at_the_destination()
    {
        using var scene = new SimulatedScene(g => g with { DirtyMiBps = 500 });
        var transfer = scene.Begin();
        scene.Advance(20);

        await scene.Driver.SuspendAsync("a", SimulatedScene.Guest, SimulatedScene.Ct);
        await Assert.ThrowsAsync<HypervisorRefused>(() => scene.Driver.ResumeAsync("a", SimulatedScene.Guest, SimulatedScene.Ct));
        scene.Advance(60);
        await transfer;

        Assert.Equal(GuestState.Running, await scene.StateAsync("b"));
        Assert.Empty(scene.Cloud.Audit());
    }
}
