using LiveMigration.Core.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Simulation;

/// <summary>Where histories are played: a folder in memory, with a state file as a new controller makes it.</summary>
internal sealed class Stage : IDisposable
{
    private const string InMemory = "/dev/shm";
    private readonly string _folder;

    private Stage(string folder) => _folder = folder;

    public string Template => Path.Combine(_folder, "template.db");

    public string Folder => Path.Combine(_folder, "play");

    public static async Task<Stage> SetAsync()
    {
        var parent = Directory.Exists(InMemory) ? InMemory : Path.GetTempPath();
        var stage = new Stage(Path.Combine(parent, $"livemigration-simulation-{Environment.ProcessId}"));
        Directory.CreateDirectory(stage.Folder);
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, stage.Template);
        await using (var db = new ControlPlaneDbContext(options.Options))
        {
            using var store = await StateStore.OpenAsync(stage.Template, db, CancellationToken.None);
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        SqliteConnection.ClearAllPools();
        return stage;
    }

    public Task<Outcome> PlayAsync(Script script) => History.PlayAsync(script, Template, Folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
