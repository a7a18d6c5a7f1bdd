using System.Diagnostics;
using LiveMigration.Simulation;
using Xunit;

namespace LiveMigration.Tests.Simulation;

/// <summary>The whole controller in seeded histories; longer runs are <c>bench/simulate</c>.</summary>
public sealed class SimulationTests
{
    // .ci/run plays 10,000 more, and docs/reliability.md tells of longer runs.
    private const int Migrations = 300;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_history_breaks_an_invariant()
    {
        var lines = await RunAsync("--migrations", $"{Migrations}", "--seed", "5000");

        Assert.True(lines[^1].Contains(" violations=0 ", StringComparison.Ordinal), string.Join('\n', lines));
    }

    [Fact]
    public async Task The_same_seed_is_the_same_history()
    {
        var first = await RunAsync("worker", "13", "1", "1");
        var second = await RunAsync("worker", "13", "1", "1");

        Assert.Equal(first, second);
        Assert.Matches("^13 [1-9][0-9]* 0 [0-9a-f]{64}$", first[0]);
    }

    [Fact]
    public async Task A_script_that_fails_is_shortened_to_what_it_needs_to_fail()
    {
        var script = ScriptWriter.Write(4);
        var needed = script.Events.OfType<ScriptEvent.Migrate>().Skip(3).Take(2).ToList();

        var (shortest, _) = await Shrinker.ShrinkAsync(script, shorter => Task.FromResult(new Outcome(
            1, needed.TrueForAll(one => shorter.Events.Contains(one)) ? ["I1: twice"] : [], "")));

        Assert.Equal(needed, shortest.Events);
    }

    private static async Task<IReadOnlyList<string>> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Shrinker).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (arguments[0] == "worker")
        {
            start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(Ct);
            await process.WaitForExitAsync(Ct);
            Assert.True(process.ExitCode == 0, output);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
