using LiveMigration.Hypervisor.Simulated;
using Microsoft.Data.Sqlite;

namespace LiveMigration.Tests.Support;

/// <content>What befalls the state file.</content>
internal sealed partial class ControlPlane
{
    /// <summary>The state file is gone. Only while no controller runs.</summary>
    public void LoseStateFile()
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in new[] { StateFile, $"{StateFile}-wal", $"{StateFile}-shm" })
        {
            File.Delete(file);
        }
    }

    /// <summary>A copy of the state file as it is now.</summary>
    public async Task<string> CopyStateFileAsync()
    {
        var copy = Path.Combine(_folder, "copy.db");
        await using var from = new SqliteConnection($"Data Source={StateFile};Pooling=False");
        await using var to = new SqliteConnection($"Data Source={copy};Pooling=False");
        await from.OpenAsync();
        await to.OpenAsync();
        from.BackupDatabase(to);
        return copy;
    }

    /// <summary>The copy takes the place of the state file. Only while no controller runs.</summary>
    public void RestoreStateFile(string copy)
    {
        LoseStateFile();
        File.Copy(copy, StateFile);
    }

    /// <summary>Lets time pass until the hosts have seen that the records have come further.</summary>
    public async Task RecordsGoOnAsync()
    {
        var before = await SealedRecordsAsync();
        Time.Advance(Core.Seals.HostKeeper.RenewEvery);
        while (await SealedRecordsAsync() <= before)
        {
            await PassAsync();
        }
    }

    private async Task<long> SealedRecordsAsync()
    {
        var seals = new SimulatedHostSeals(Cloud);
        var all = await Task.WhenAll(Cloud.Hosts.Select(host => seals.FindAsync(host, CancellationToken.None)));
        return all.Min(seal => seal!.Records);
    }
}
