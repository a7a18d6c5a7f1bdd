using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Guests of every kind, and guests that change while they move: docs/guests.md says what happens.</summary>
public sealed class GuestKindsTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    public static TheoryData<string, Func<SimulatedGuestOptions, SimulatedGuestOptions>> Kinds => new()
    {
        { "no network, no disk", guest => guest with { Interfaces = [], Disks = [] } },
        {
            "three disks, two cards",
            guest => guest with
            {
                Disks = [Disk("vda"), Disk("vdb"), Disk("vdc")],
                Interfaces = [new("52:54:00:00:00:01", "bridge", "br0"), new("52:54:00:00:00:02", "bridge", "br0")],
            }
        },
        { "eight processors", guest => guest with { Vcpus = 8 } },
        { "no processor model", guest => guest with { CpuXml = null } },
        { "kept by no definition", guest => guest with { Persistent = false } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_guest_of_this_kind_moves(string kind, Func<SimulatedGuestOptions, SimulatedGuestOptions> change)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a", change));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.True(migration.Status == MigrationStatus.Completed, $"{kind}: {migration.Status}, {migration.Reason}");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [InlineData(GuestState.Off, "shutdown")]
    [InlineData(GuestState.Crashed, "crashed")]
    [InlineData(GuestState.Suspended, "suspended")]
    public async Task A_guest_that_stopped_unnoticed_is_refused_in_the_state_it_is_in(GuestState state, string word)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        // The record says active still: the host is asked.
        plane.Cloud.StopBehindTheBack("a", Guest, state);

        var refusal = await Record.ExceptionAsync(() => plane.MigrateAsync(Guest, wait: true));

        Assert.Contains(word, Assert.IsType<InstanceInvalidState>(refusal).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_guest_is_not_forced_and_stays_paused()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { State = GuestState.Paused }),
            new LiveMigrationSettings { PermitPostCopy = true });
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");

        await Assert.ThrowsAsync<InstanceInvalidState>(() => plane.ForceCompleteAsync(Guest, id));

        plane.Cloud.Release(TransferPhase.MemoryCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal(("b", VmState.Paused, PowerState.Paused), (instance.Host, instance.VmState, instance.PowerState));
        Assert.DoesNotContain(plane.Cloud.RunLedger, entry => entry.Guest == Guest);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [InlineData(TransferPhase.Preparing)]
    [InlineData(TransferPhase.MemoryCopy)]
    [InlineData(TransferPhase.BeforeHandover)]
    public async Task A_guest_that_powers_off_in_mid_transfer_is_off_on_the_source(TransferPhase phase)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(phase);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(phase, Guest), $"the transfer is in {phase}");

        plane.Cloud.PowerOff("a", Guest);

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.EndsWith("The guest has powered off on a", migration.Reason, StringComparison.Ordinal);
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal(("a", VmState.Stopped, PowerState.Shutdown), (instance.Host, instance.VmState, instance.PowerState));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_guest_without_a_definition_that_powers_off_in_mid_transfer_is_told_to_be_gone()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Persistent = false }));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");

        plane.Cloud.PowerOff("a", Guest);

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.EndsWith("The guest no longer runs on a", migration.Reason, StringComparison.Ordinal);
        Assert.Empty(plane.Cloud.Audit());
    }

    [Fact]
    public async Task A_guest_shut_down_after_its_arrival_while_no_controller_lived_has_moved_and_keeps_its_definition()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");
        await plane.KillAsync();
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        while (plane.Cloud.PhaseOf(Guest) is not null) plane.Time.Advance(TimeSpan.FromMilliseconds(20));
        plane.Cloud.PowerOff("b", Guest);

        await plane.BootAgainAsync();

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Completed, null), (migration.Status, migration.Reason));
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal(("b", VmState.Stopped, PowerState.Shutdown), (instance.Host, instance.VmState, instance.PowerState));
        await plane.ShouldBeTidyAsync(Guest);
    }

    private static GuestDisk Disk(string target) => Cluster.Disk("/srv/shared") with { Target = target, Path = $"/srv/shared/{target}.qcow2" };
}
