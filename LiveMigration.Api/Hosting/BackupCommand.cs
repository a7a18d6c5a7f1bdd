using System.Globalization;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Hosting;

/// <summary><c>livemigration backup --to FILE</c>: copies the state while the controller goes on working.</summary>
internal static class BackupCommand
{
    /// <summary>The word it is called by.</summary>
    public const string Name = "backup";

    private const string To = "--to";

    /// <summary>Makes the copy and says so.</summary>
    /// <param name="args">What stands after the word; settings are read as the controller reads them.</param>
    /// <exception cref="InvalidSettings">It can't be made.</exception>
    public static async Task RunAsync(string[] args)
    {
        var (target, settings) = Split(args);
        var path = SettingsReader.Read(SettingsSource.Read(settings)).DatabasePath;
        var bytes = await StateBackup.WriteAsync(path, target, CancellationToken.None);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{path} -> {target}, {bytes / 1024.0:F0} KiB"));
    }

    private static (string Target, string[] Settings) Split(string[] args)
    {
        var at = Array.FindIndex(args, arg => arg == To || arg.StartsWith($"{To}=", StringComparison.Ordinal));
        var joined = at >= 0 && args[at] != To;
        var target = at < 0 ? "" : joined ? args[at][(To.Length + 1)..] : args.ElementAtOrDefault(at + 1) ?? "";
        return target.Length > 0
            ? (target, [.. args[..at], .. args[(at + (joined ? 1 : 2))..]])
            : throw new InvalidSettings($"'{Name}' needs a file to write to: livemigration {Name} {To} FILE");
    }
}
