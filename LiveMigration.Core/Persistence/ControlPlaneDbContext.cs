using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// The controller's memory. Handlers use it directly, one context a request, in short transactions that never span a
/// call to a host.
/// </summary>
public sealed class ControlPlaneDbContext(DbContextOptions<ControlPlaneDbContext> options) : DbContext(options)
{
    private static readonly Func<ControlPlaneDbContext, int, CancellationToken, Task<Migration>> MigrationById = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, int id, CancellationToken ct) => db.Migrations.Single(row => row.Id == id));

    private static readonly Func<ControlPlaneDbContext, Guid, CancellationToken, Task<Instance?>> InstanceByUuid = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, Guid uuid, CancellationToken ct) => db.Instances.SingleOrDefault(row => row.Uuid == uuid));

    private static readonly Func<ControlPlaneDbContext, string, CancellationToken, Task<ComputeNode?>> NodeByHost = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, string host, CancellationToken ct) => db.ComputeNodes.AsNoTracking().SingleOrDefault(row => row.Host == host));

    /// <summary>Guests that we keep a record of.</summary>
    public DbSet<Instance> Instances => Set<Instance>();

    /// <summary>Hosts of the configuration, now or once.</summary>
    public DbSet<ComputeNode> ComputeNodes => Set<ComputeNode>();

    /// <summary>Live migrations, open and ended.</summary>
    public DbSet<Migration> Migrations => Set<Migration>();

    /// <summary>What each migration's saga intended and saw, line by line.</summary>
    public DbSet<JournalRow> Journal => Set<JournalRow>();

    /// <summary>What users asked for.</summary>
    public DbSet<InstanceAction> InstanceActions => Set<InstanceAction>();

    /// <summary>The pieces of work of these actions.</summary>
    public DbSet<InstanceActionEvent> InstanceActionEvents => Set<InstanceActionEvent>();

    /// <summary>Resources promised on destinations.</summary>
    public DbSet<Claim> Claims => Set<Claim>();

    /// <summary>Hosts that migrations could not go to, with the reasons.</summary>
    public DbSet<HostAttempt> HostAttempts => Set<HostAttempt>();

    /// <summary>Room promised on destinations for disks that are being copied.</summary>
    public DbSet<DiskClaim> DiskClaims => Set<DiskClaim>();

    /// <summary>What migrations may have left on hosts that did not answer.</summary>
    public DbSet<PendingCleanup> PendingCleanups => Set<PendingCleanup>();

    /// <summary>Folders of hosts that may hold a migration's storage probe.</summary>
    public DbSet<ProbedFolder> ProbedFolders => Set<ProbedFolder>();

    /// <summary>Shapes that servers can be made in.</summary>
    public DbSet<Flavor> Flavors => Set<Flavor>();

    /// <summary>Servers that are being made, or were.</summary>
    public DbSet<InstanceBuild> InstanceBuilds => Set<InstanceBuild>();

    /// <summary>Notifications that some sink has not taken yet, in order.</summary>
    public DbSet<OutgoingNotification> Outbox => Set<OutgoingNotification>();

    /// <summary>How far each sink has come.</summary>
    public DbSet<SinkPosition> SinkPositions => Set<SinkPosition>();

    /// <summary>Power actions that have not ended.</summary>
    public DbSet<PowerTask> PowerTasks => Set<PowerTask>();

    /// <summary>Hosts that belong together.</summary>
    public DbSet<Aggregate> Aggregates => Set<Aggregate>();

    /// <summary>Instances that are to be kept together or apart.</summary>
    public DbSet<ServerGroup> ServerGroups => Set<ServerGroup>();

    /// <summary>Which instance is in which group.</summary>
    public DbSet<ServerGroupMember> ServerGroupMembers => Set<ServerGroupMember>();

    /// <summary>Who can log in.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>What servers belong to.</summary>
    public DbSet<Project> Projects => Set<Project>();

    /// <summary>The words that policies ask for.</summary>
    public DbSet<Role> Roles => Set<Role>();

    /// <summary>Who has which role where.</summary>
    public DbSet<RoleAssignment> RoleAssignments => Set<RoleAssignment>();

    /// <summary>Tokens that were given out and have not ended.</summary>
    public DbSet<IssuedToken> IssuedTokens => Set<IssuedToken>();

    /// <summary>A migration, to be changed; a query that is compiled once.</summary>
    /// <exception cref="InvalidOperationException">There is none with this id.</exception>
    public Task<Migration> MigrationAsync(int id, CancellationToken ct) => MigrationById(this, id, ct);

    /// <summary>An instance, to be changed; null when there is none with this UUID. A query that is compiled once.</summary>
    public Task<Instance?> FindInstanceAsync(Guid uuid, CancellationToken ct) => InstanceByUuid(this, uuid, ct);

    /// <summary>A host's record, to be read; null when there is none. A query that is compiled once.</summary>
    public Task<ComputeNode?> FindNodeAsync(string host, CancellationToken ct) => NodeByHost(this, host, ct);

    /// <summary>Gives back what a migration had claimed, memory and disk.</summary>
    /// <returns>How many claims there were.</returns>
    public Task<int> ReleaseClaimsAsync(int migration, CancellationToken ct) => Database.ExecuteSqlAsync(
        $"DELETE FROM claims WHERE MigrationId = {migration}; DELETE FROM disk_claims WHERE MigrationId = {migration};", ct);

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        CountUpVersions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        CountUpVersions();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ControlPlaneDbContext).Assembly);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite keeps no zone; everything here is UTC, and says so again when read.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        // Durable data is readable data: the names, not numbers that a reordered enum would change.
        configurationBuilder.Properties<VmState>().HaveConversion<string>();
        configurationBuilder.Properties<TaskState>().HaveConversion<string>();
        configurationBuilder.Properties<PowerState>().HaveConversion<string>();
        configurationBuilder.Properties<PowerAction>().HaveConversion<string>();
        configurationBuilder.Properties<Dictionary<string, string>>().HaveConversion<KeysConverter, KeysComparer>();
        configurationBuilder.Properties<MigrationStatus>().HaveConversion<string>();
        configurationBuilder.Properties<Sagas.JournalKind>().HaveConversion<string>();
    }

    private void CountUpVersions()
    {
        foreach (var entry in ChangeTracker.Entries().Where(entry => entry.State == EntityState.Modified))
        {
            if (entry.Metadata.FindProperty(nameof(Instance.Version)) is not null)
            {
                var version = entry.Property(nameof(Instance.Version));
                version.CurrentValue = (int)version.CurrentValue! + 1;
            }
        }
    }

    internal sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        value => value, value => DateTime.SpecifyKind(value, DateTimeKind.Utc));
}
