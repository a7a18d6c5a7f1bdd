using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Persistence;

/// <summary>A copy of the state is whole, private, and taken while a controller works with the file.</summary>
public sealed class StateBackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("livemigration-test-").FullName;

    private string State => Path.Combine(_folder, "state.db");

    private string Copy => Path.Combine(_folder, "copy.db");

    [Fact]
    public async Task A_copy_taken_while_the_controller_works_can_be_started_from()
    {
        await using var db = Context(State);
        using var store = await StateStore.OpenAsync(State, CancellationToken.None);
        db.Projects.Add(new Project { Id = "p", Name = "kept", Description = "", CreatedAt = default });
        await db.SaveChangesAsync();
        await using var writing = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync("UPDATE projects SET Name = 'half written'");

        var bytes = await StateBackup.WriteAsync(State, Copy, CancellationToken.None);

        Assert.Equal(new FileInfo(Copy).Length, bytes);
        await using var copied = Context(Copy);
        using var restored = await StateStore.OpenAsync(Copy, CancellationToken.None);
        Assert.Equal("kept", (await copied.Projects.SingleAsync()).Name);
    }

    [Fact]
    public async Task Only_its_owner_can_read_a_copy()
    {
        await MakeStateAsync();

        await StateBackup.WriteAsync(State, Copy, CancellationToken.None);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Copy) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_file_that_is_there_already_is_not_overwritten()
    {
        await MakeStateAsync();
        await File.WriteAllTextAsync(Copy, "precious");

        Assert.Contains("exists already", await RefusalAsync(State, Copy), StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Copy));
    }

    [Fact]
    public async Task A_damaged_state_is_told_and_leaves_no_copy()
    {
        await File.WriteAllTextAsync(State, new string('x', 5000));

        Assert.Contains("damaged or no database", await RefusalAsync(State, Copy), StringComparison.Ordinal);
        Assert.Equal([State], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Files_and_folders_that_are_missing_are_named()
    {
        Assert.Contains("nothing to back up", await RefusalAsync(State, Copy), StringComparison.Ordinal);

        await MakeStateAsync();
        Assert.Contains("does not exist", await RefusalAsync(State, Path.Combine(_folder, "nowhere", "copy.db")), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> RefusalAsync(string state, string copy) =>
        (await Assert.ThrowsAsync<InvalidSettings>(() => StateBackup.WriteAsync(state, copy, CancellationToken.None))).Message;

    private async Task MakeStateAsync()
    {
        await using var db = Context(State);
        using var store = await StateStore.OpenAsync(State, CancellationToken.None);
    }

    private static ControlPlaneDbContext Context(string path)
    {
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, path);
        return new ControlPlaneDbContext(options.Options);
    }
}
