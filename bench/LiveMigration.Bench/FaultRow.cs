using System.Globalization;

namespace LiveMigration.Bench;

/// <summary>What came of one fault.</summary>
/// <param name="Case">The fault, and what was expected.</param>
/// <param name="Seen">What was seen; null when it was none of the outcomes.</param>
/// <param name="Told">What the migration said of it.</param>
/// <param name="Seconds">From the fault to the outcome, s; for a death until it was shown.</param>
/// <param name="Faults">What is not as it should be, apart from the outcome.</param>
internal sealed record FaultRow(FaultCase Case, FaultOutcome? Seen, string? Told, double Seconds, IReadOnlyList<string> Faults)
{
    /// <summary>As written down, with nothing amiss.</summary>
    public bool AsExpected => Seen == Case.Expected && Faults.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Case.Name,-52} {FaultTable.WordsOf(Case.Expected),-24} {(AsExpected ? "as expected" : Seen is { } seen ? "SEEN: " + FaultTable.WordsOf(seen) : "NOT AS EXPECTED"),-30} {Seconds,6:F1} s  {Told}").TrimEnd();
}
