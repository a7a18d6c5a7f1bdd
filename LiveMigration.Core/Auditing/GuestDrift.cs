using LiveMigration.Core.Alerts;
using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Auditing;

/// <summary>What would put a drift right without touching a guest.</summary>
internal enum Remedy
{
    /// <summary>Nothing that is safe: it is for somebody to decide.</summary>
    None,

    /// <summary>The record follows the one copy that runs.</summary>
    RecordWhereItRuns,

    /// <summary>The mark of a migration that has ended goes.</summary>
    ClearMark,

    /// <summary>The task state that nothing would ever end goes.</summary>
    ClearTask,

    /// <summary>The record of a migration is made anew from its mark.</summary>
    RebuildMove,
}

/// <summary>Something in which hosts and records differ.</summary>
/// <param name="Finding">In words.</param>
/// <param name="Remedy">What would put it right.</param>
/// <param name="Host">Where.</param>
/// <param name="Mark">The mark that is meant.</param>
internal sealed record Drift(Finding Finding, Remedy Remedy = Remedy.None, string? Host = null, MigrationMark? Mark = null);

/// <summary>
/// From what all hosts say of a guest, and what its record says, to what is wrong. Pure. A host that is silent proves
/// nothing: what it might have is never called missing, and nothing is put right that it might belie.
/// </summary>
internal static class GuestDrift
{
    /// <summary>The kinds that this finds.</summary>
    public static IReadOnlySet<AlertKind> Kinds { get; } = new HashSet<AlertKind>
    {
        AlertKind.GuestRunsTwice, AlertKind.GuestGone, AlertKind.GuestElsewhere, AlertKind.GuestHalfMoved,
        AlertKind.DefinitionLeftOver, AlertKind.MarkUnknown, AlertKind.MarkStale, AlertKind.TaskWithoutWork,
    };

    /// <summary>Compares.</summary>
    /// <param name="facts">What the records say; of a guest that somebody owns nothing is found.</param>
    /// <param name="answers">What each host says.</param>
    /// <param name="ended">Of the migrations whose marks were seen those on record, and whether they have ended.</param>
    public static IReadOnlyList<Drift> Find(
        GuestFacts facts, IReadOnlyList<HostAnswer> answers, IReadOnlyDictionary<Guid, bool> ended)
    {
        if (facts.IsOwned)
        {
            return [];
        }

        var look = new Look(facts, answers, ended);
        if (look.Living.Count > 1)
        {
            return [look.RunsTwice()];
        }

        if (look.LostMove() is { } lost)
        {
            // Until it is known what it was, nothing else can be said of the guest.
            return [lost];
        }

        return look.Halves.Count > 0 ? [.. look.Halves.Select(look.HalfMoved)] : [.. look.Whereabouts(), .. look.Leftovers(), .. look.Marks(), .. look.Task()];
    }

    private sealed class Look(GuestFacts facts, IReadOnlyList<HostAnswer> answers, IReadOnlyDictionary<Guid, bool> ended)
    {
        private readonly Instance _row = facts.Instance;
        private readonly List<HostAnswer> _homes = [.. answers.Where(answer => answer.Guest is not null)];
        private readonly bool _allAnswered = answers.All(answer => answer.Silence is null);

        public List<HostAnswer> Living { get; } = [.. answers.Where(answer => answer.Guest.ToSighting() is Sighting.Alive or Sighting.PostCopy)];

        public List<HostAnswer> Halves { get; } =
        [
            .. answers.Where(answer => answer.Guest.ToSighting() is Sighting.Incoming or Sighting.HandedOver or Sighting.Broken),
        ];

        public Drift RunsTwice() => new(Of(
            AlertKind.GuestRunsTwice,
            Living.Select(answer => answer.Host),
            $"{_row.DisplayName} runs on {string.Join(" AND on ", Living.Select(answer => answer.Host))}; its record says {_row.Host}. "
            + "Stop all but one by hand, at once: its disks are written to from two sides. Nothing is stopped by itself."));

        public Drift HalfMoved(HostAnswer half) => new(Of(
            AlertKind.GuestHalfMoved,
            answers.Select(answer => answer.Host),
            half.Guest!.State == GuestState.PostCopyFailed
                ? $"{_row.DisplayName} stands still on {half.Host}: a post-copy that no migration of ours has begun broke. Destroy neither half; "
                    + $"resume it from its source: virsh migrate --postcopy --postcopy-resume {_row.DomainName}."
                : $"{half.Host} has {_row.DisplayName} {half.Guest.State}, and no migration of ours moves it. Wait for whoever moves it by hand; if nobody does "
                    + $"(virsh domjobinfo {_row.DomainName}) and it runs elsewhere: virsh destroy {_row.DomainName} on {half.Host}.",
            half.Host));

        public IEnumerable<Drift> Whereabouts()
        {
            if (Living is [var home])
            {
                if (home.Host != _row.Host)
                {
                    yield return new Drift(
                        Elsewhere(home, "The record follows as soon as it can be written."), Remedy.RecordWhereItRuns, home.Host);
                }
            }
            else if (_homes.Count == 0)
            {
                if (_allAnswered && _row.LaunchedAt is not null)
                {
                    yield return new Drift(Gone());
                }
            }
            else if (_allAnswered && !_homes.Exists(answer => answer.Host == _row.Host) && _row.VmState != VmState.Deleted)
            {
                yield return new Drift(Elsewhere(
                    _homes[0], $"If it belongs there: virsh start {_row.DomainName} on {_homes[0].Host}, and the record follows."));
            }
        }

        /// <summary>A definition that is off, on a host that is not the guest's, while the guest has another home.</summary>
        public IEnumerable<Drift> Leftovers()
        {
            var own = Living is [var home] ? home.Host : _row.Host;
            return _homes.Exists(answer => answer.Host == own)
                ? _homes.Where(answer => answer.Host != own && !facts.ToBeTidied.Contains(answer.Host, StringComparer.Ordinal))
                    .Select(answer => new Drift(Of(
                        AlertKind.DefinitionLeftOver,
                        [answer.Host, own],
                        $"{answer.Host} keeps a definition of {_row.DisplayName}, which is on {own}. Started there it would run twice: "
                        + $"virsh undefine --keep-nvram {_row.DomainName} on {answer.Host}.",
                        answer.Host)))
                : [];
        }

        /// <summary>The guest is, or was, on its way for a migration without a record, and both its hosts can tell of it.</summary>
        public Drift? LostMove()
        {
            var carriers = Living.Count > 0 ? Living : Halves.Count > 0 ? Halves : _homes.Where(IsAtHome).ToList();
            var marks = carriers.Select(answer => answer.Guest!.Mark).Distinct().ToList();
            return marks is [{ } mark] && !ended.ContainsKey(mark.Migration) && Answered(mark.Source) && Answered(mark.Destination)
                && _row is { TaskState: null, VmState: not VmState.Deleted }
                    ? new Drift(Unknown(carriers[0].Host, mark), Remedy.RebuildMove, carriers[0].Host, mark)
                    : null;
        }

        public IEnumerable<Drift> Marks()
        {
            foreach (var answer in _homes.Where(answer => answer.Guest!.Mark is not null))
            {
                var mark = answer.Guest!.Mark!;
                if (!ended.TryGetValue(mark.Migration, out var over))
                {
                    yield return new Drift(Unknown(answer.Host, mark));
                }
                else if (over && IsAtHome(answer) && BothAnswered(mark))
                {
                    yield return new Drift(
                        Of(
                            AlertKind.MarkStale,
                            [answer.Host],
                            $"{_row.DisplayName} on {answer.Host} carries the mark of migration {mark.Migration}, which has ended, and it could not be taken away. It is tried again; a move of the guest replaces it."),
                        Remedy.ClearMark,
                        answer.Host,
                        mark);
                }
            }
        }

        public IEnumerable<Drift> Task()
        {
            if (_row.TaskState is { } task)
            {
                // Only where all hosts show the same picture is it known that nothing goes on.
                var safe = _allAnswered && _homes is [var home] && home.Host == _row.Host;
                yield return new Drift(
                    Of(
                        AlertKind.TaskWithoutWork,
                        answers.Select(answer => answer.Host),
                        $"{_row.DisplayName} is '{task.ToNova()}', and nothing works at it. When you have seen where it is: os-resetState of server {_row.Uuid}."),
                    safe ? Remedy.ClearTask : Remedy.None,
                    _row.Host);
            }
        }

        private Finding Unknown(string host, MigrationMark mark) => Of(
            AlertKind.MarkUnknown,
            [host],
            $"{_row.DisplayName} on {host} carries the mark of migration {mark.Migration} ({mark.Source} to {mark.Destination}), of which there is no record: "
            + "another controller's, or one whose record was lost. If both hosts are ours and answer, the record is made anew; else, if nobody moves the guest, a move of it replaces the mark.",
            host);

        private bool Answered(string host) => answers.Any(answer => answer.Host == host && answer.Silence is null);

        private bool IsAtHome(HostAnswer answer) => Living is [var home] ? home.Host == answer.Host : answer.Host == _row.Host;

        private bool BothAnswered(MigrationMark mark) =>
            !answers.Any(answer => answer.Silence is not null && (answer.Host == mark.Source || answer.Host == mark.Destination));

        private Finding Elsewhere(HostAnswer home, string remedy) => Of(
            AlertKind.GuestElsewhere,
            [home.Host, _row.Host],
            $"{_row.DisplayName} is recorded on {_row.Host} and is on {home.Host} ({home.Guest!.State}). {remedy}");

        private Finding Gone() => Of(
            AlertKind.GuestGone,
            answers.Select(answer => answer.Host),
            $"{_row.DisplayName} was last seen on {_row.Host}, nobody asked here for its removal, and no host has it. If it was not removed by hand, "
            + "define it again on one host, with its disks.") with
        {
            Since = _row.DeletedAt,
        };

        private Finding Of(AlertKind kind, IEnumerable<string> hosts, string text, string? where = null) =>
            new(kind, where is null ? _row.Uuid.ToString() : $"{_row.Uuid} on {where}", text) { Instance = _row.Uuid, Hosts = [.. hosts] };
    }
}
