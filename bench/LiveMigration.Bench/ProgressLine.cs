using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>How far a move is: one line that changes in place on a terminal, a line for each change elsewhere.</summary>
internal sealed class ProgressLine(string guest)
{
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private string _shown = "";

    public void Show(MigrationView migration)
    {
        var state = migration.MemoryTotalBytes is > 0 and var total
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{migration.Status}, {migration.MemoryProcessedBytes >> 20} MiB sent, {migration.MemoryRemainingBytes >> 20} of {total >> 20} MiB to go")
            : migration.Status;
        if (Console.IsOutputRedirected)
        {
            if (!string.Equals(state, _shown, StringComparison.Ordinal))
            {
                Console.WriteLine($"moving {guest}: {state}");
            }

            _shown = state;
            return;
        }

        var seconds = TimeProvider.System.GetElapsedTime(_began).TotalSeconds;
        var line = string.Create(CultureInfo.InvariantCulture, $"moving {guest}: {seconds:F1} s, {state}");
        Console.Write($"\r{line.PadRight(_shown.Length)}");
        _shown = line;
    }

    /// <summary>Leaves the place to what comes next.</summary>
    public void End()
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r{new string(' ', _shown.Length)}\r");
        }
    }
}
