using LiveMigration.Core.Persistence;
using Microsoft.Data.Sqlite;

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
        using (await StateStore.OpenAsync(stage.Template, CancellationToken.None))
        {
            await using var connection = await StateConnection.OpenAsync(stage.Template, CancellationToken.None);
            await connection.ExecuteAsync($"PRAGMA wal_checkpoint(TRUNCATE)", CancellationToken.None);
        }

        SqliteConnection.ClearAllPools();
        return stage;
    }

    public Task<Outcome> PlayAsync(Script script) => History.PlayAsync(script, Template, Folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
