using System.Globalization;

namespace LiveMigration.Bench;

/// <summary>What came of one death.</summary>
/// <param name="Kind">What was moved.</param>
/// <param name="Way">Forward or back.</param>
/// <param name="Point">Where the controller was to die.</param>
/// <param name="Ended">How the migration ended; null when it did not.</param>
/// <param name="Reattached">From the next controller's first answer to its first record about the move, s; null when the move was over before.</param>
/// <param name="FromStart">The same from that controller's start, s.</param>
/// <param name="Doubled">True when the guest ran twice.</param>
/// <param name="Lost">True when it runs nowhere.</param>
/// <param name="Faults">What is not as it should be.</param>
internal sealed record CrashRow(
    string Kind,
    string Way,
    string Point,
    string? Ended,
    double? Reattached,
    double? FromStart,
    bool Doubled,
    bool Lost,
    IReadOnlyList<string> Faults)
{
    /// <summary>Completed or rolled back, with nothing amiss.</summary>
    public bool Converged => Faults.Count == 0;

    /// <inheritdoc/>
    public override string ToString()
    {
        var attached = Reattached is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"re-attached {seconds:F2} s, from its start {FromStart:F2} s")
            : "was over";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind,-7} {Way,-8} {Point,-58} {Ended ?? "-",-10} {attached,-44} {(Converged ? "converged" : "NOT CONVERGED")}");
    }
}
