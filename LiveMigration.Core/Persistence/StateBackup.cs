using LiveMigration.Core.Errors;
using Microsoft.Data.Sqlite;

namespace LiveMigration.Core.Persistence;

/// <summary>Copies the state file, whole and consistent, while a controller works with it (SQLite's online backup).</summary>
public static class StateBackup
{
    /// <summary>Makes a copy that can be put in the state file's place. Its owner alone may read it: it holds password hashes.</summary>
    /// <param name="path">Setting <c>Database:Path</c>.</param>
    /// <param name="target">The copy; must not exist yet.</param>
    /// <param name="ct">Gives up between two steps; nothing is left at the target then.</param>
    /// <returns>The copy's size, bytes.</returns>
    /// <exception cref="InvalidSettings">One of the files can't be used; the message says why and what to do.</exception>
    public static async Task<long> WriteAsync(string path, string target, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            throw new InvalidSettings($"Database:Path is '{path}', but there is no such file: nothing to back up. Name the controller's settings: --config FILE.");
        }

        RefuseTarget(target);

        // Under another name until it is whole: what stands at the target can be trusted.
        var unfinished = $"{target}.unfinished";
        try
        {
            await MakeFileAsync(unfinished);
            await CopyAsync(path, unfinished, ct);
            File.Move(unfinished, target, overwrite: false);
            return new FileInfo(target).Length;
        }
        catch (Exception exception) when (exception is SqliteException or UnauthorizedAccessException or IOException)
        {
            File.Delete(unfinished);
            throw new InvalidSettings($"'{path}' could not be backed up to '{target}': {SqliteFaults.Explain(exception) ?? exception.Message}.");
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static void RefuseTarget(string target)
    {
        if (File.Exists(target))
        {
            throw new InvalidSettings($"--to is '{target}', which exists already. Move it away, or name another file.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder && !Directory.Exists(folder))
        {
            throw new InvalidSettings($"--to is '{target}', but the folder {folder} does not exist. Make it, or name another file.");
        }
    }

    private static async Task MakeFileAsync(string unfinished)
    {
        // Made anew: what a killed backup has left may be readable by others.
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(unfinished, options);
    }

    private static async Task CopyAsync(string path, string unfinished, CancellationToken ct)
    {
        await using var source = await OpenAsync(path, SqliteOpenMode.ReadWrite, ct); // read-only could not use the write-ahead log
        await using var copy = await OpenAsync(unfinished, SqliteOpenMode.ReadWrite, ct);
        source.BackupDatabase(copy);
        await using var command = copy.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=DELETE";
        await command.ExecuteScalarAsync(ct);
        command.CommandText = "PRAGMA quick_check(1)";
        if (await command.ExecuteScalarAsync(ct) as string is not "ok" and var finding)
        {
            throw new InvalidSettings($"'{path}' is damaged: {finding}. The copy was thrown away; start the controller on an earlier one.");
        }
    }

    private static async Task<SqliteConnection> OpenAsync(string path, SqliteOpenMode mode, CancellationToken ct)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        await connection.OpenAsync(ct);
        return connection;
    }
}
