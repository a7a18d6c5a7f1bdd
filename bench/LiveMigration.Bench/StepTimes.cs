using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>How long after the line before it each line of the journals came.</summary>
internal sealed class StepTimes
{
    private readonly List<(string Step, Series Series)> _steps = [];

    /// <summary>In the order of the first journal.</summary>
    public IReadOnlyList<(string Step, Series Series)> All => _steps;

    public void Add(MigrationView migration)
    {
        DateTime? before = null;
        foreach (var line in migration.Journal)
        {
            if (before is { } then)
            {
                Of($"{line.Step} {line.Kind}".Trim()).Add((line.At - then).TotalMilliseconds);
            }

            before = line.At;
        }
    }

    private Series Of(string step)
    {
        var at = _steps.FindIndex(one => string.Equals(one.Step, step, StringComparison.Ordinal));
        if (at < 0)
        {
            at = _steps.Count;
            _steps.Add((step, new Series()));
        }

        return _steps[at].Series;
    }
}
