using LiveMigration.Core.Alerts;
using LiveMigration.Core.Auditing;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveMigration.Tests.Auditing;

/// <summary>Every way in which hosts and records can differ: put right where that is safe, told where not, and no guest is ever touched.</summary>
public sealed class AuditorTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    /// <summary>Nobody but the auditor looks.</summary>
    private static readonly LiveMigrationSettings Alone = new() { SweepIntervalSeconds = 3600, AuditIntervalSeconds = 86_400 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cloud_that_is_as_recorded_raises_nothing()
    {
        await using var plane = await StartAsync();
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        await plane.AuditAsync();

        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_guest_that_is_being_moved_raises_nothing()
    {
        await using var plane = await StartAsync();
        var id = await plane.HoldInMidCopyAsync(Guest);

        await plane.AuditAsync();

        Assert.Empty(plane.Alerts);
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Fact]
    public async Task A_guest_that_runs_twice_is_told_of_and_neither_is_stopped()
    {
        await using var plane = await StartAsync();
        plane.Cloud.StartByHand("b", Guest);

        await plane.AuditAsync();

        var alert = Assert.Single(plane.Alerts);
        Assert.Equal((AlertKind.GuestRunsTwice, AlertSeverity.Critical), (alert.Finding.Kind, alert.Finding.Kind.Severity()));
        Assert.Equal(["a", "b"], alert.Finding.Hosts);
        Assert.Contains("Stop all but one by hand", alert.Finding.Text, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], plane.Cloud.WhereRuns(Guest));

        plane.Cloud.KillQemu("b", Guest);
        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task The_record_follows_a_guest_that_runs_elsewhere()
    {
        await using var plane = await StartAsync();
        await plane.TamperAsync(async db => (await db.Instances.SingleAsync(Ct)).Host = "b");

        await plane.AuditAsync();

        Assert.Equal(("a", VmState.Active), ((await plane.InstanceAsync(Guest)).Host, (await plane.InstanceAsync(Guest)).VmState));
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_guest_that_is_off_on_a_host_that_is_not_its_own_is_told_of()
    {
        await using var plane = await StartAsync();
        plane.Cloud.StopBehindTheBack("a", Guest, GuestState.Off);
        await plane.TamperAsync(async db => (await db.Instances.SingleAsync(Ct)).Host = "b");

        await plane.AuditAsync();

        Assert.Equal(AlertKind.GuestElsewhere, Assert.Single(plane.Alerts).Finding.Kind);
        Assert.Equal("b", (await plane.InstanceAsync(Guest)).Host);
    }

    [Fact]
    public async Task A_guest_that_no_host_has_is_told_of_for_a_day()
    {
        await using var plane = await StartAsync(guest => guest with { Persistent = false });
        plane.Cloud.KillQemu("a", Guest);
        await plane.UntilAsync(db => db.Instances.AsNoTracking().SingleAsync(), row => row.VmState == VmState.Deleted, "the inventory calls it deleted");
        await plane.AuditAsync();

        var alert = Assert.Single(plane.Alerts);
        Assert.Equal((AlertKind.GuestGone, AlertSeverity.Critical), (alert.Finding.Kind, alert.Finding.Kind.Severity()));
        await plane.AuditAsync();
        Assert.Equal(alert.Id, Assert.Single(plane.Alerts).Id);

        plane.Time.Advance(AuditedRecords.GoneIsTold + TimeSpan.FromMinutes(1));
        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_silent_host_proves_nothing_and_is_told_of()
    {
        await using var plane = await StartAsync();
        plane.Cloud.CutControl("a");

        await plane.AuditAsync();

        Assert.Equal((AlertKind.HostSilent, "a"), (Assert.Single(plane.Alerts).Finding.Kind, plane.Alerts[0].Finding.Subject));
        Assert.Equal(VmState.Active, (await plane.InstanceAsync(Guest)).VmState);

        plane.Cloud.HealControl("a");
        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task What_was_found_stands_while_the_host_that_could_belie_it_is_silent()
    {
        await using var plane = await StartAsync();
        plane.Cloud.StartByHand("b", Guest);
        await plane.AuditAsync();

        plane.Cloud.CutControl("b");
        await plane.AuditAsync();

        Assert.Contains(plane.Alerts, alert => alert.Finding.Kind == AlertKind.GuestRunsTwice);
    }

    [Fact]
    public async Task A_definition_left_over_is_told_of_and_stays()
    {
        await using var plane = await StartAsync();
        plane.Cloud.AddGuest(Copy("b", GuestState.Off));

        await plane.AuditAsync();

        var alert = Assert.Single(plane.Alerts);
        Assert.Equal(AlertKind.DefinitionLeftOver, alert.Finding.Kind);
        Assert.Contains("virsh undefine", alert.Finding.Text, StringComparison.Ordinal);
        Assert.True(plane.Cloud.Knows("b", Guest));
    }

    [Fact]
    public async Task A_left_over_that_is_on_the_list_of_clean_ups_is_told_there_until_it_is_late()
    {
        await using var plane = await StartAsync();
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.MigrationShouldEndAsync(id);
        plane.Cloud.AddGuest(Copy("a", GuestState.Off));
        await plane.TamperAsync(db => NoteAsync(db, id, "a", plane.Time.GetUtcNow().UtcDateTime));

        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);

        plane.Time.Advance(RecordDrift.TidiedWithin + TimeSpan.FromSeconds(1));
        await plane.AuditAsync();
        Assert.Contains(plane.Alerts, alert => alert.Finding.Kind == AlertKind.CleanupStuck && alert.Finding.Migration == id);
    }

    [Fact]
    public async Task A_probe_that_its_host_does_not_give_up_is_told_of_when_it_is_late()
    {
        await using var plane = await StartAsync();
        for (var time = 0; time < 1000; time++)
        {
            plane.Cloud.FailNext("b", SimulatedOperation.RemoveStorageProbe, new HypervisorRefused("b", "the pool is busy"));
        }

        var id = await plane.MigrateAsync(Guest, "b");
        await plane.MigrationShouldEndAsync(id);
        plane.Time.Advance(RecordDrift.TidiedWithin + TimeSpan.FromSeconds(1));

        await plane.AuditAsync();

        var alert = Assert.Single(plane.Alerts);
        Assert.Equal((AlertKind.CleanupStuck, id), (alert.Finding.Kind, alert.Finding.Migration));
        Assert.Contains("/srv/shared may hold the empty file .livemigration-probe-", alert.Finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clean_up_on_a_host_that_is_no_longer_ours_is_told_of()
    {
        await using var plane = await StartAsync();
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.MigrationShouldEndAsync(id);
        await plane.TamperAsync(db => NoteAsync(db, id, "z", plane.Time.GetUtcNow().UtcDateTime));

        await plane.AuditAsync();

        Assert.Contains("no longer among Hosts", Assert.Single(plane.Alerts).Finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_of_a_guest_that_nobody_moves_is_told_of_and_stays()
    {
        await using var plane = await StartAsync();
        plane.Cloud.AddGuest(Copy("b", GuestState.Incoming));

        await plane.AuditAsync();

        Assert.Equal(AlertKind.GuestHalfMoved, Assert.Single(plane.Alerts).Finding.Kind);
        Assert.True(plane.Cloud.Knows("b", Guest));
        Assert.Equal(["a"], plane.Cloud.WhereRuns(Guest));
    }

    [Fact]
    public async Task The_mark_of_a_migration_that_has_ended_goes_once_both_hosts_answer()
    {
        await using var plane = await StartAsync();
        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));
        await new SimulatedDriver(plane.Cloud).SetMarkAsync("b", Guest, new MigrationMark(migration.Uuid, 1, "a", "b"), Ct);

        plane.Cloud.CutControl("a");
        await plane.AuditAsync();
        Assert.NotNull(plane.Cloud.MarkOn("b", Guest));

        plane.Cloud.HealControl("a");
        await plane.AuditAsync();
        Assert.Null(plane.Cloud.MarkOn("b", Guest));
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_mark_that_nobody_knows_is_told_of_and_stays()
    {
        await using var plane = await StartAsync();
        var mark = new MigrationMark(Guid.Parse("0f5a1f3e-0c3e-4f6f-9d4d-0f7f0f1c2b3a"), 3, "another cloud's host", "a");
        await new SimulatedDriver(plane.Cloud).SetMarkAsync("a", Guest, mark, Ct);

        await plane.AuditAsync();

        var alert = Assert.Single(plane.Alerts);
        Assert.Equal(AlertKind.MarkUnknown, alert.Finding.Kind);
        Assert.Contains($"{mark.Migration}", alert.Finding.Text, StringComparison.Ordinal);
        Assert.Equal(mark, plane.Cloud.MarkOn("a", Guest));
    }

    [Fact]
    public async Task A_claim_of_a_migration_that_has_ended_is_given_back_and_one_of_an_open_migration_is_not()
    {
        await using var plane = await StartAsync();
        var ended = await plane.MigrateAsync(Guest, "b");
        await plane.MigrationShouldEndAsync(ended);
        var open = await plane.HoldInMidCopyAsync(Guest);
        await plane.TamperAsync(db =>
        {
            db.Claims.Add(new Claim { MigrationId = ended, InstanceUuid = Guest, Host = "b", MemoryMiB = 256, Vcpus = 1, CreatedAt = DateTime.UnixEpoch });
            return Task.CompletedTask;
        });

        await plane.AuditAsync();

        Assert.Equal([open], await plane.ReadAsync(db => db.Claims.Select(claim => claim.MigrationId).ToListAsync(Ct)));
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.MigrationShouldEndAsync(open);
    }

    [Fact]
    public async Task A_task_state_that_nothing_would_end_goes_when_all_hosts_show_the_guest_at_home()
    {
        await using var plane = await StartAsync();
        await plane.TamperAsync(async db => (await db.Instances.SingleAsync(Ct)).TaskState = TaskState.Migrating);

        plane.Cloud.CutControl("c");
        await plane.AuditAsync();
        Assert.Contains(plane.Alerts, alert => alert.Finding.Kind == AlertKind.TaskWithoutWork);
        Assert.Equal(TaskState.Migrating, (await plane.InstanceAsync(Guest)).TaskState);

        plane.Cloud.HealControl("c");
        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);
        Assert.Null((await plane.InstanceAsync(Guest)).TaskState);
    }

    [Fact]
    public async Task A_migration_that_needs_help_is_told_of()
    {
        await using var plane = await StartAsync();
        var id = await plane.HoldInMidCopyAsync(Guest);
        await plane.KillAsync();
        plane.Cloud.CutControl("a");
        await plane.BootAgainAsync();
        await plane.UntilAsync(db => db.Migrations.AsNoTracking().SingleAsync(), row => row.NeedsAttention, "it needs help");

        await plane.AuditAsync();

        var alert = Assert.Single(plane.Alerts, alert => alert.Finding.Kind == AlertKind.MigrationNeedsAttention);
        Assert.Equal(id, alert.Finding.Migration);
        plane.Cloud.HealControl("a");
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.MigrationShouldEndAsync(id);
        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_migration_that_nobody_takes_up_is_told_of()
    {
        await using var plane = await StartAsync();
        var id = await plane.HoldInMidCopyAsync(Guest);
        await plane.KillAsync();
        var drift = new RecordDrift(
            new Contexts(plane.StateFile), new SimulatedDriver(plane.Cloud), new RecordsLoss(), plane.Time, NullLogger<RecordDrift>.Instance);

        Assert.Empty(await drift.FindAsync(Ct));
        plane.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await drift.FindAsync(Ct));
        plane.Time.Advance(RecordDrift.DrivenWithin);

        var finding = Assert.Single(await drift.FindAsync(Ct));
        Assert.Equal((AlertKind.MigrationUndriven, id), (finding.Kind, finding.Migration));
    }

    [Fact]
    public async Task A_guest_is_looked_at_when_its_move_has_ended()
    {
        await using var plane = await StartAsync();
        plane.KeepAuditing();
        var id = await plane.HoldInMidCopyAsync(Guest);
        plane.Cloud.AddGuest(Copy("c", GuestState.Off));

        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.MigrationShouldEndAsync(id);

        await plane.UntilAsync(() => plane.Alerts.Count == 1, "what somebody has left on c is told of");
        Assert.Equal(AlertKind.DefinitionLeftOver, plane.Alerts[0].Finding.Kind);
    }

    [Fact]
    public async Task A_controller_that_starts_again_finds_again_what_is_wrong()
    {
        await using var plane = await StartAsync();
        plane.Cloud.StartByHand("b", Guest);
        await plane.AuditAsync();

        await plane.KillAsync();
        await plane.BootAgainAsync();
        plane.KeepAuditing();

        await plane.UntilAsync(() => plane.Alerts.Count == 1, "the alert is raised again");
        Assert.Equal(AlertKind.GuestRunsTwice, plane.Alerts[0].Finding.Kind);
    }

    private static Task<ControlPlane> StartAsync(Func<SimulatedGuestOptions, SimulatedGuestOptions>? change = null) =>
        ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a", change), Alone);

    private static SimulatedGuestOptions Copy(string host, GuestState state) =>
        new(Guest, host, "guest-1") { State = state, Persistent = state == GuestState.Off };

    private static Task NoteAsync(ControlPlaneDbContext db, int migration, string host, DateTime at)
    {
        db.PendingCleanups.Add(new PendingCleanup
        {
            MigrationId = migration, InstanceUuid = Guest, Host = host, Reason = "it did not answer.", CreatedAt = at,
        });
        return Task.CompletedTask;
    }

    private sealed class Contexts(string file) : IDbContextFactory<ControlPlaneDbContext>
    {
        public ControlPlaneDbContext CreateDbContext()
        {
            var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
            PersistenceModule.Configure(options, file);
            return new ControlPlaneDbContext(options.Options);
        }
    }
}
