using System.Globalization;

namespace LiveMigration.Lab;

/// <summary>What a guest's console proves about its life, from its first tick on.</summary>
/// <param name="Ticks">Ticks seen.</param>
/// <param name="Lost">Tick numbers that never came.</param>
/// <param name="Backwards">Ticks whose number or uptime is lower than that of the tick before.</param>
/// <param name="Doubled">Tick numbers that came again: two copies ran at once, or the guest booted again.</param>
/// <param name="MaxGapMs">Longest time between two ticks, by the guest's own clock.</param>
/// <param name="DiskErrors">What its disk did not take or did not give back.</param>
public sealed record TickAudit(int Ticks, int Lost, int Backwards, int Doubled, int MaxGapMs, int DiskErrors)
{
    /// <summary>Whether the guest never stopped short, never began again, never ran twice, and could rely on its disk.</summary>
    public bool IsFlawless => Ticks > 0 && Lost == 0 && Backwards == 0 && Doubled == 0 && DiskErrors == 0;

    internal static TickAudit Parse(string line)
    {
        var values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('='))
            .ToDictionary(
                pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new TickAudit(
            values["ticks"], values["lost"], values["backwards"], values["doubled"], values["max_gap_ms"], values["disk_errors"]);
    }
}
