using System.Globalization;

namespace LiveMigration.Core.Failpoints;

/// <summary>
/// The way of one process past its failpoints: counts how often each is passed, writes that down, and does what the plan
/// says at the armed one.
/// </summary>
internal sealed class FailpointTrack(FailpointPlan plan, Action die, TimeProvider time)
{
    /// <summary>Beside the gate: the process has come to the point and waits.</summary>
    public const string Reached = ".reached";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _passes = new(StringComparer.Ordinal);

    /// <summary>The process is at this point.</summary>
    public Task PassAsync(string point) =>
        string.Equals(Note(point), plan.Point, StringComparison.Ordinal) ? StopAsync() : Task.CompletedTask;

    private string Note(string point)
    {
        lock (_lock)
        {
            var pass = _passes[point] = _passes.GetValueOrDefault(point) + 1;
            var name = FailpointPlan.NameOf(point, pass);
            if (plan.TraceFile is { } file)
            {
                // At once, and by the system: a process that is killed flushes nothing.
                File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():O} {name}\n"));
            }

            return name;
        }
    }

    private async Task StopAsync()
    {
        if (plan.GateFile is not { } gate)
        {
            die();
            return;
        }

        await File.WriteAllTextAsync(gate + Reached, "", CancellationToken.None);
        while (!File.Exists(gate))
        {
            await Task.Delay(Interval, time, CancellationToken.None);
        }
    }
}
