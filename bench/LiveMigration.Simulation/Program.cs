using System.Globalization;

namespace LiveMigration.Simulation;

/// <summary>Plays histories of the whole controller over a simulated cloud, one for each seed, and judges them.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["worker", var seed, var step, var migrations] => await Worker.RunAsync(Number(seed), (int)Number(step), Number(migrations)),
                ["replay", var seed] => await Replay.RunAsync(Number(seed)),
                _ => await Simulate.RunAsync(arguments),
            };
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    internal static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new UsageException($"'{text}' is not a whole number; see --help");
}

/// <summary>A command line that is not understood.</summary>
internal sealed class UsageException(string message) : Exception(message);
