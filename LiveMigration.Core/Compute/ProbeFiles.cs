using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Makes storage probes and removes them. Each is noted before it is made and until it is gone: neither a lost answer nor
/// a dead controller leaves one behind.
/// </summary>
internal sealed class ProbeFiles(IDbContextFactory<ControlPlaneDbContext> contexts, IComputeDriver driver, UntidyHosts untidy)
{
    private static readonly Func<ControlPlaneDbContext, string, IAsyncEnumerable<Left>> LeftOn = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, string host) =>
            from probed in db.ProbedFolders
            join migration in db.Migrations on probed.MigrationId equals migration.Id
            where probed.Host == host
            select new Left(probed.MigrationId, migration.Uuid, probed.Folder, migration.FinishedAt != null));

    /// <param name="migrationId">The migration.</param>
    /// <param name="migration">Its UUID. The probe is named after it: when the controller dies here, the next one makes, and removes, the same.</param>
    /// <param name="host">Where to.</param>
    /// <param name="folders">Into which folders, as far as the host has them.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<StorageProbe> MakeAsync(
        int migrationId, Guid migration, string host, IReadOnlyList<string> folders, CancellationToken ct)
    {
        List<string> made = [];
        List<string> missing = [];
        var name = NameOf(migration);
        await NoteAsync(migrationId, host, folders, ct);
        try
        {
            foreach (var folder in folders)
            {
                (await driver.CreateStorageProbeAsync(host, folder, name, ct) ? made : missing).Add(folder);
            }
        }
        catch
        {
            // One that it gave no answer to may have been made.
            await TryRemoveAsync(migrationId, host, new StorageProbe(name, folders, []));
            throw;
        }

        return new StorageProbe(name, made, missing);
    }

    public async Task RemoveAsync(int migrationId, string host, StorageProbe probe, CancellationToken ct)
    {
        foreach (var folder in probe.Folders)
        {
            await driver.RemoveStorageProbeAsync(host, folder, probe.Name, ct);
        }

        await ForgetAsync(migrationId, host, ct);
    }

    /// <summary>Where something else has gone wrong that is to be told: a host that does not remove it now is asked again when the migration has ended.</summary>
    public async Task TryRemoveAsync(int migrationId, string host, StorageProbe probe)
    {
        try
        {
            await RemoveAsync(migrationId, host, probe, CancellationToken.None);
        }
        catch (ControlPlaneException)
        {
            untidy.Add(host);
        }
    }

    /// <summary>Removes what migrations that have ended have left on a host.</summary>
    public async Task RemoveLeftAsync(string host, CancellationToken ct)
    {
        List<Left> left;
        await using (var db = await contexts.CreateDbContextAsync(ct))
        {
            left = await LeftOn(db, host).ToListAsync(ct);
        }

        foreach (var of in left.GroupBy(one => (one.MigrationId, one.Migration, one.Ended)))
        {
            if (!of.Key.Ended)
            {
                // It may be looking for its probe just now.
                untidy.Add(host);
                continue;
            }

            var probe = new StorageProbe(NameOf(of.Key.Migration), [.. of.Select(one => one.Folder)], []);
            try
            {
                await RemoveAsync(of.Key.MigrationId, host, probe, ct);
            }
            catch (HypervisorUnavailable silent) when (silent.HasTimedOut)
            {
                // Like every clean-up that hangs: with the next sweep, and the others here would hang as well.
                return;
            }
            catch (ControlPlaneException)
            {
                untidy.Add(host);
            }
        }
    }

    /// <summary>What the probe of a migration is called, in every folder.</summary>
    public static string NameOf(Guid migration) => $".livemigration-probe-{migration:N}";

    private async Task NoteAsync(int migrationId, string host, IReadOnlyList<string> folders, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var folder in folders)
        {
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO probed_folders (MigrationId, Host, Folder) VALUES ({migrationId}, {host}, {folder}) ON CONFLICT DO NOTHING", ct);
        }
    }

    private async Task ForgetAsync(int migrationId, string host, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.ExecuteSqlAsync($"DELETE FROM probed_folders WHERE MigrationId = {migrationId} AND Host = {host}", ct);
    }

    private sealed record Left(int MigrationId, Guid Migration, string Folder, bool Ended);
}
