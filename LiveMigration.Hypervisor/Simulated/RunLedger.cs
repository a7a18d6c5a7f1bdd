using System.Globalization;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>Why a guest stopped running on a host, or began to.</summary>
public enum RunCause
{
    /// <summary>It was there when the cloud began, or was started there by hand.</summary>
    Started,

    /// <summary>A transfer stopped it to hand it over, or has handed it over.</summary>
    HandedOver,

    /// <summary>A transfer that had stopped it failed, and lets it go on where it was.</summary>
    TakenBack,

    /// <summary>An operator or the controller suspended or resumed it.</summary>
    Asked,

    /// <summary>Its QEMU was killed.</summary>
    Killed,

    /// <summary>Its post-copy broke.</summary>
    Broken,
}

/// <summary>A guest's processors began to run on a host, or stopped.</summary>
/// <param name="At">Since the cloud began.</param>
/// <param name="Guest">The guest.</param>
/// <param name="Host">The host.</param>
/// <param name="Runs">True when they run from now on.</param>
/// <param name="Cause">Why.</param>
public sealed record RunEntry(TimeSpan At, Guid Guest, string Host, bool Runs, RunCause Cause);

/// <summary>Writes down when each guest's processors ran where, and finds what must never have been.</summary>
internal sealed class RunLedger
{
    private readonly List<RunEntry> _entries = [];

    public IReadOnlyList<RunEntry> Entries => _entries;

    public void Note(RunEntry entry) => _entries.Add(entry);

    /// <param name="nameOf">The guest's name, for the text.</param>
    /// <param name="isOnItsWay">True while a transfer of the guest is under way: then it may stand still.</param>
    public IReadOnlyList<string> Audit(Func<Guid, string> nameOf, Func<Guid, bool> isOnItsWay)
    {
        var violations = new List<string>();
        foreach (var guest in _entries.GroupBy(e => e.Guest))
        {
            var runsOn = new SortedSet<string>(StringComparer.Ordinal);
            RunEntry last = guest.First();
            foreach (var entry in guest)
            {
                last = entry;
                if (!entry.Runs) runsOn.Remove(entry.Host);
                else if (runsOn.Add(entry.Host) && runsOn.Count > 1)
                    violations.Add($"guest {nameOf(guest.Key)} ran on {string.Join(" and ", runsOn)} at {Seconds(entry.At)}");
            }

            if (runsOn.Count == 0 && last.Cause == RunCause.HandedOver && !isOnItsWay(guest.Key))
                violations.Add($"guest {nameOf(guest.Key)} runs nowhere since {Seconds(last.At)}, its transfer is over");
        }

        return violations;
    }

    private static string Seconds(TimeSpan at) => at.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";
}
