using System.Globalization;

namespace LiveMigration.Simulation;

/// <summary>Plays one history after the other and tells what came of each, a line each.</summary>
internal static class Worker
{
    /// <param name="seed">The first seed.</param>
    /// <param name="step">From one seed to the next, so that several workers share them.</param>
    /// <param name="migrations">How many migrations to play at least.</param>
    public static Task<int> RunAsync(long seed, int step, long migrations)
    {
        OneThread.Claim();
        return Task.Run(() => PlayAsync(seed, step, migrations));
    }

    private static async Task<int> PlayAsync(long seed, int step, long migrations)
    {
        using var stage = await Stage.SetAsync();
        for (long done = 0; done < migrations; seed += step)
        {
            var outcome = await stage.PlayAsync(ScriptWriter.Write(seed));
            done += outcome.Migrations;
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{seed} {outcome.Migrations} {outcome.Violations.Count} {outcome.Digest}"));
            foreach (var violation in outcome.Violations)
            {
                await Console.Out.WriteLineAsync("  " + violation.Replace('\n', ' '));
            }
        }

        return 0;
    }
}
