using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Persistence;

/// <summary>The state file is made, kept, or refused with one line that names it and the remedy.</summary>
public sealed class StateStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("livemigration-test-").FullName;

    private string File => Path.Combine(_folder, "state.db");

    [Fact]
    public async Task Makes_a_new_file_in_write_ahead_mode_with_foreign_keys()
    {
        await using var db = Context(File);
        using var store = await StateStore.OpenAsync(File, CancellationToken.None);

        Assert.Equal("wal", await PragmaAsync(db, "journal_mode"));
        Assert.Equal("1", await PragmaAsync(db, "foreign_keys"));
        Assert.Equal("2", await PragmaAsync(db, "synchronous"));
    }

    [Fact]
    public async Task Opens_connections_without_functions_that_no_query_needs()
    {
        await using var db = Context(File);
        using var store = await StateStore.OpenAsync(File, CancellationToken.None);

        Assert.Empty(await db.Database.SqlQueryRaw<string>("SELECT name AS Value FROM pragma_function_list WHERE name LIKE 'ef\\_%' ESCAPE '\\'").ToListAsync());
        Assert.Equal("1", await PragmaAsync(db, "foreign_keys"));
    }

    [Fact]
    public async Task Opens_its_own_file_again()
    {
        await OpenAndCloseAsync(File);
        await OpenAndCloseAsync(File);
    }

    [Fact]
    public async Task The_second_of_two_who_adopt_one_guest_is_told_so()
    {
        await using var first = Context(File);
        using var store = await StateStore.OpenAsync(File, CancellationToken.None);
        await using var second = Context(File);
        first.Instances.Add(Guest());
        second.Instances.Add(Guest());
        await first.SaveChangesAsync();

        var late = await Assert.ThrowsAsync<DbUpdateException>(() => second.SaveChangesAsync());

        Assert.True(SqliteFaults.IsDuplicate(late));
        Assert.False(SqliteFaults.IsDuplicate(new DbUpdateException("another")));
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        var refusal = await RefusalAsync(Path.Combine(_folder, "nowhere", "state.db"));

        Assert.Contains("the folder", refusal, StringComparison.Ordinal);
        Assert.Contains("does not exist", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000));

        Assert.Contains("damaged or no database", await RefusalAsync(File), StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(File).Length);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE theirs (id INTEGER)";
            await command.ExecuteNonQueryAsync();
        }

        Assert.Contains("of another program", await RefusalAsync(File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused()
    {
        await OpenAndCloseAsync(File);
        await using (var db = Context(File))
        {
            await db.Database.ExecuteSqlRawAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0')");
        }

        Assert.Contains("a newer LiveMigration has written", await RefusalAsync(File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_another_controller_works_with_is_refused()
    {
        using var store = await StateStore.OpenAsync(File, CancellationToken.None);

        Assert.Contains("another controller works with it", await RefusalAsync(File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_instance_has_one_open_migration()
    {
        await using var db = Context(File);
        using var store = await StateStore.OpenAsync(File, CancellationToken.None);
        var instance = Guid.Parse("11111111-1111-4111-8111-111111111111");
        db.Instances.Add(new Instance
        {
            Uuid = instance, DisplayName = "one", DomainName = "one", Host = "a", VmState = VmState.Active, PowerState = PowerState.Running,
            MemoryMiB = 1, Vcpus = 1, ProjectId = "p", UserId = "u", CreatedAt = default,
        });
        db.Migrations.Add(Migration(instance, 1));
        await db.SaveChangesAsync();
        db.Migrations.Add(Migration(instance, 2));

        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        Assert.Equal(19, Assert.IsType<SqliteException>(refused.InnerException).SqliteErrorCode);
    }

    [Fact]
    public async Task A_record_changed_meanwhile_is_not_overwritten()
    {
        await using var one = Context(File);
        using var store = await StateStore.OpenAsync(File, CancellationToken.None);
        one.ComputeNodes.Add(new ComputeNode
        {
            Host = "a", HypervisorHostname = "a", CreatedAt = default,
            Uuid = Guid.Parse("22222222-2222-4222-8222-222222222222"), ServiceUuid = Guid.Parse("33333333-3333-4333-8333-333333333333"),
        });
        await one.SaveChangesAsync();
        await using var other = Context(File);
        (await one.ComputeNodes.SingleAsync()).Enabled = false;
        (await other.ComputeNodes.SingleAsync()).ForcedDown = true;
        await one.SaveChangesAsync();

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => other.SaveChangesAsync());
    }

    [Fact]
    public void The_migrations_describe_the_model()
    {
        using var db = Context(File);

        Assert.False(db.Database.HasPendingModelChanges(), "run: dotnet ef migrations add NAME --project LiveMigration.Core --startup-project LiveMigration.Api --output-dir Persistence/Migrations");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static Migration Migration(Guid instance, int number) => new()
    {
        Uuid = new Guid(number, 0, 0, new byte[8]), InstanceUuid = instance, RequestId = "req", SourceCompute = "a", UserId = "u", ProjectId = "p",
        CreatedAt = default, SagaVersion = "live-migration/1", SagaState = "{}",
    };

    private static ControlPlaneDbContext Context(string path)
    {
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, path);
        return new ControlPlaneDbContext(options.Options);
    }

    private static async Task OpenAndCloseAsync(string path)
    {
        using var store = await StateStore.OpenAsync(path, CancellationToken.None);
    }

    private static async Task<string> RefusalAsync(string path) =>
        (await Assert.ThrowsAsync<InvalidSettings>(() => StateStore.OpenAsync(path, CancellationToken.None))).Message;

    private static async Task<string?> PragmaAsync(ControlPlaneDbContext db, string name)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Instance Guest() => new()
    {
        Uuid = new Guid("b03e7f08-662d-44f7-934f-e11ab6443c70"),
        DisplayName = "guest",
        DomainName = "guest",
        Host = "a",
        VmState = VmState.Active,
        PowerState = PowerState.Running,
        MemoryMiB = 256,
        Vcpus = 1,
        ProjectId = "project",
        UserId = "user",
        CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };
}
