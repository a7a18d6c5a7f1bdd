using System.Globalization;

namespace LiveMigration.Bench;

/// <summary>All rows of a crash matrix, told as they come, and their sum.</summary>
internal sealed class CrashTally(int limit)
{
    private const double MostReattachSeconds = 3;
    private readonly List<CrashRow> _rows = [];
    private readonly Series _reattached = new();
    private readonly Series _fromStart = new();

    /// <summary>Whether another row is wanted.</summary>
    public bool IsOpen => _rows.Count < limit;

    public void Add(CrashRow row)
    {
        _rows.Add(row);
        if (row is { Reattached: { } reattached, FromStart: { } fromStart })
        {
            _reattached.Add(reattached);
            _fromStart.Add(fromStart);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_rows.Count,4}  {row}"));
        foreach (var fault in row.Faults)
        {
            Console.WriteLine($"        {fault}");
        }
    }

    public int Tell()
    {
        var (points, converged) = (_rows.Count, _rows.Count(row => row.Converged));
        var (doubled, lost) = (_rows.Count(row => row.Doubled), _rows.Count(row => row.Lost));
        var p99 = _reattached.Count == 0 ? 0 : _reattached.P99;
        if (_reattached.Count > 0)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"re-attached in {_reattached.Count} rows, s from the first answer: median {_reattached.Median:F2}, p99 {p99:F2}, most {_reattached.Most:F2}; from the start of the process: median {_fromStart.Median:F2}, p99 {_fromStart.P99:F2}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"points={points} converged={converged} doubled={doubled} lost={lost} reattach_p99_s={p99:F2}"));
        return points > 0 && converged == points && doubled == 0 && lost == 0 && p99 <= MostReattachSeconds ? 0 : 1;
    }
}
