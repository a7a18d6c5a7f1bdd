using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <content>Looking, storage, leftovers, faults and events.</content>
public abstract partial class ComputeDriverContract
{
    private const string Nowhere = "no-such-host";
    private static readonly Guid Stranger = new(0x5757, 0, 0, new byte[8]);

    [Fact]
    public async Task Hosts_tell_what_they_are()
    {
        Assert.Contains(Source, Driver.Hosts, StringComparer.Ordinal);
        Assert.Contains(Destination, Driver.Hosts, StringComparer.Ordinal);
        Assert.True(Driver.GetLink(Source).Open);

        var facts = await Driver.GetHostFactsAsync(Source, Ct);

        Assert.Equal("QEMU", facts.HypervisorType);
        Assert.True(facts.MemoryMiB > 0 && facts.Vcpus > 0 && facts.HypervisorVersion > 1_000_000);
        Assert.NotEmpty(facts.Cpu.Model);
    }

    [Fact]
    public async Task A_guest_is_listed_and_described_where_it_runs()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);

        Assert.Contains(await Driver.ListGuestsAsync(Source, Ct), g => g.Uuid == guest && g.MemoryMiB == MemoryMiB);
        Assert.DoesNotContain(await Driver.ListGuestsAsync(Destination, Ct), g => g.Uuid == guest);
        var description = await Driver.DescribeGuestAsync(Source, guest, Ct);
        Assert.Equal(guest, description.Uuid);
        Assert.True((await Driver.CompareCpuAsync(Destination, description, Ct)).Compatible);
    }

    [Fact]
    public async Task An_absent_guest_is_not_found()
    {
        Assert.Null(await Driver.FindGuestAsync(Source, Stranger, Ct));
        await Assert.ThrowsAsync<GuestNotFound>(() => Driver.DescribeGuestAsync(Source, Stranger, Ct));
        await Assert.ThrowsAsync<GuestNotFound>(() => Driver.GetJobAsync(Source, Stranger, Ct));
        await FailsAsync<GuestNotFound>(Driver.TransferAsync(Source, Stranger, Quick, Ct));
    }

    [Fact]
    public async Task An_unknown_host_is_not_found()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);

        Assert.Throws<ComputeHostNotFound>(() => Driver.GetLink(Nowhere));
        await Assert.ThrowsAsync<ComputeHostNotFound>(() => Driver.ListGuestsAsync(Nowhere, Ct));
        await Assert.ThrowsAsync<ComputeHostNotFound>(() => Driver.TransferAsync(Nowhere, guest, Quick, Ct));
        await FailsAsync<ComputeHostNotFound>(Driver.TransferAsync(Source, guest, Quick with { Destination = Nowhere }, Ct));
        Assert.Equal(GuestState.Running, (await Driver.FindGuestAsync(Source, guest, Ct))?.State);
    }

    [Fact]
    public async Task Suspending_and_resuming_may_be_done_twice()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);

        await Driver.SuspendAsync(Source, guest, Ct);
        await Driver.SuspendAsync(Source, guest, Ct);
        Assert.Equal(GuestState.Paused, (await Driver.FindGuestAsync(Source, guest, Ct))?.State);

        await Driver.ResumeAsync(Source, guest, Ct);
        await Driver.ResumeAsync(Source, guest, Ct);
        Assert.Equal(GuestState.Running, (await Driver.FindGuestAsync(Source, guest, Ct))?.State);
    }

    [Fact]
    public async Task A_probe_in_a_shared_folder_is_seen_by_both_hosts_until_it_is_removed()
    {
        Assert.True(await Driver.CreateStorageProbeAsync(Source, Cluster.SharedFolder, "probe-1", Ct));
        Assert.True(await Driver.CreateStorageProbeAsync(Source, Cluster.SharedFolder, "probe-1", Ct));
        Assert.True(await Driver.SeesStorageProbeAsync(Source, Cluster.SharedFolder, "probe-1", Ct));
        Assert.True(await Driver.SeesStorageProbeAsync(Destination, Cluster.SharedFolder, "probe-1", Ct));

        await Driver.RemoveStorageProbeAsync(Source, Cluster.SharedFolder, "probe-1", Ct);
        await Driver.RemoveStorageProbeAsync(Source, Cluster.SharedFolder, "probe-1", Ct);
        Assert.False(await Driver.SeesStorageProbeAsync(Destination, Cluster.SharedFolder, "probe-1", Ct));
    }

    [Fact]
    public async Task A_probe_in_a_local_folder_is_seen_by_its_own_host_only()
    {
        Assert.True(await Driver.CreateStorageProbeAsync(Source, Cluster.LocalFolder, "probe-2", Ct));

        Assert.True(await Driver.SeesStorageProbeAsync(Source, Cluster.LocalFolder, "probe-2", Ct));
        Assert.False(await Driver.SeesStorageProbeAsync(Destination, Cluster.LocalFolder, "probe-2", Ct));
        await Driver.RemoveStorageProbeAsync(Source, Cluster.LocalFolder, "probe-2", Ct);
    }

    [Fact]
    public async Task A_missing_folder_takes_no_probe()
    {
        Assert.False(await Driver.CreateStorageProbeAsync(Source, "/no/such/folder", "probe-3", Ct));
        Assert.False(await Driver.SeesStorageProbeAsync(Source, "/no/such/folder", "probe-3", Ct));
        await Driver.RemoveStorageProbeAsync(Source, "/no/such/folder", "probe-3", Ct);
    }

    [Fact]
    public async Task A_running_guest_is_no_leftover()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);
        await Driver.SetMarkAsync(Source, guest, Mark, Ct);

        await Assert.ThrowsAsync<HypervisorRefused>(() => Driver.RemoveLeftoverAsync(Source, guest, Mark, Ct));

        Assert.Equal(GuestState.Running, (await Driver.FindGuestAsync(Source, guest, Ct))?.State);
    }

    [Fact]
    public async Task A_paused_guest_is_no_leftover()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);
        await Driver.SetMarkAsync(Source, guest, Mark, Ct);
        await Driver.SuspendAsync(Source, guest, Ct);

        await Assert.ThrowsAsync<HypervisorRefused>(() => Driver.RemoveLeftoverAsync(Source, guest, Mark, Ct));

        Assert.Equal(GuestState.Paused, (await Driver.FindGuestAsync(Source, guest, Ct))?.State);
    }

    [Fact]
    public async Task What_carries_a_foreign_mark_is_not_removed()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, BusyMiBps);
        await Driver.SetMarkAsync(Source, guest, Foreign, Ct);
        var transfer = Driver.TransferAsync(Source, guest, Endless, Ct);
        await UntilCopyingAsync(guest);

        await Assert.ThrowsAsync<HypervisorRefused>(() => Driver.RemoveLeftoverAsync(Destination, guest, Mark, Ct));

        Assert.Equal(GuestState.Incoming, (await Driver.FindGuestAsync(Destination, guest, Ct))?.State);
        await AbortAsync(guest, transfer);
    }

    [Fact]
    public async Task Nothing_is_left_of_what_was_never_there() =>
        Assert.True(await Driver.RemoveLeftoverAsync(Source, Stranger, Mark, Ct));

    [Fact]
    public async Task An_incoming_guest_with_the_mark_can_be_removed_and_the_source_goes_on()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, BusyMiBps);
        await Driver.SetMarkAsync(Source, guest, Mark, Ct);
        var transfer = Driver.TransferAsync(Source, guest, Endless, Ct);
        await UntilCopyingAsync(guest);

        Assert.True(await Driver.RemoveLeftoverAsync(Destination, guest, Mark, Ct));

        await FailsAsync<HypervisorRefused>(transfer);
        await RunsOnlyAtTheSourceAsync(guest);
    }

    [Fact]
    public async Task A_destination_whose_libvirtd_dies_in_mid_copy_fails_the_transfer_and_the_guest_goes_on()
    {
        Assert.SkipWhen(Cluster.CannotKillLibvirtd is not null, Cluster.CannotKillLibvirtd ?? string.Empty);
        var guest = await Cluster.StartGuestAsync(MemoryMiB, BusyMiBps);
        var transfer = Driver.TransferAsync(Source, guest, Endless, Ct);
        await UntilCopyingAsync(guest);

        await Cluster.KillLibvirtdAsync(Destination);

        await FailsAsync<HypervisorRefused>(transfer);
        Assert.Equal(GuestState.Running, (await Driver.FindGuestAsync(Source, guest, Ct))?.State);
        await Assert.ThrowsAsync<HypervisorUnavailable>(() => Driver.FindGuestAsync(Destination, guest, Ct));
        await Cluster.StartLibvirtdAsync(Destination);
        await RunsOnlyAtTheSourceAsync(guest);
    }

    [Fact]
    public async Task A_transfer_over_a_link_that_stays_cut_can_be_stopped_and_the_guest_goes_on()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, BusyMiBps);
        var transfer = Driver.TransferAsync(Source, guest, Endless, Ct);
        await UntilCopyingAsync(guest);

        await Cluster.CutLinkAsync();

        await AbortAsync(guest, transfer);
        await Cluster.HealLinkAsync();
        await RunsOnlyAtTheSourceAsync(guest);
    }

    [Fact]
    public async Task A_guest_that_moved_is_announced_by_its_destination()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var announced = AnnouncedAsync(new GuestChanged(Destination, guest), enough.Token);

        await TransferAsync(guest, Quick);

        await FinishAsync(announced);
        await enough.CancelAsync();
    }

    private async Task AnnouncedAsync(HypervisorEvent expected, CancellationToken ct)
    {
        await foreach (var change in Driver.WatchAsync(ct))
        {
            if (change == expected) return;
        }
    }
}
