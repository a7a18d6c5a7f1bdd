using System.Runtime.CompilerServices;
using LiveMigration.Core.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Opens the state file at start: makes it if it is new, brings an older one up to date, and refuses everything else
/// with one line that names the file and the remedy. Holds a lock beside it, so that one file has one controller.
/// </summary>
public sealed class StateStore : IDisposable
{
    /// <summary>Marks our files, "LMig" as SQLite's application id.</summary>
    internal const int ApplicationId = 0x4C4D6967;

    // Text, since a pragma takes no parameter.
    private static readonly FormattableString MarkAsOurs = FormattableStringFactory.Create($"PRAGMA application_id={ApplicationId}");

    private readonly FileStream _lock;

    private StateStore(FileStream @lock) => _lock = @lock;

    /// <summary>Opens, checks, migrates.</summary>
    /// <param name="path">Setting <c>Database:Path</c>.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="InvalidSettings">The file can't be used; the message says why and what to do.</exception>
    public static async Task<StateStore> OpenAsync(string path, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new InvalidSettings($"Database:Path is '{path}', but the folder {folder} does not exist. Make it, or name another file.");
        }

        var held = Lock(path);
        try
        {
            await RefuseForeignFileAsync(path, ct);
            var isNew = NewStateFile.IsNew(path);
            await using var connection = await StateConnection.OpenAsync(path, ct);
            await (isNew ? NewStateFile.WriteAsync(connection, ct) : BringUpToDateAsync(path, ct));
            await connection.ExecuteAsync(MarkAsOurs, ct);

            // We hold the file's lock, so whoever held a lease is dead: what it drove need not wait for the lease to run out.
            await connection.ExecuteAsync($"UPDATE migrations SET LeaseOwner = NULL WHERE LeaseOwner IS NOT NULL", ct);
            await connection.ExecuteAsync($"UPDATE instance_builds SET LeaseOwner = NULL WHERE LeaseOwner IS NOT NULL", ct);
            return new StateStore(held);
        }
        catch (Exception exception) when (exception is SqliteException or UnauthorizedAccessException or IOException)
        {
            await held.DisposeAsync();
            var reason = SqliteFaults.Explain(exception) ?? exception.Message;
            throw new InvalidSettings($"Database:Path is '{path}', but it can't be used: {reason}.");
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidSettings($"Database:Path is '{path}', but its folder can't be written to. Change its owner or mode, or name another file.");
        }
        catch (IOException)
        {
            throw new InvalidSettings($"Database:Path is '{path}', and another controller works with it already. Stop that one, or name another file.");
        }
    }

    private static async Task RefuseForeignFileAsync(string path, CancellationToken ct)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
        {
            return;
        }

        await using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA application_id";
        var id = Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
        command.CommandText = "SELECT count(*) FROM sqlite_master";
        var tables = Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
        if (id != ApplicationId && tables > 0)
        {
            throw new InvalidSettings($"Database:Path is '{path}', but that is a database of another program. Name another file.");
        }
    }

    private static async Task BringUpToDateAsync(string path, CancellationToken ct)
    {
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, path);
        await using var db = new ControlPlaneDbContext(options.Options);
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        if (applied.Find(migration => !known.Contains(migration)) is { } unknown)
        {
            throw new InvalidSettings(
                $"Database:Path is '{path}', which a newer LiveMigration has written (schema {unknown}). Start that version, or restore a copy from before the upgrade.");
        }

        if (applied.Count < known.Count)
        {
            await db.Database.MigrateAsync(ct);
        }
    }
}
