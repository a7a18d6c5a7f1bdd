using LiveMigration.Core.Alerts;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Auditing;

/// <summary>
/// Compares what the hosts say with the records: all of it on a slow sweep, and each guest whose move has just ended. What is
/// safe is put right, all else is raised as an alert. It never starts, stops, removes or undefines a guest.
/// </summary>
public sealed partial class Auditor
{
    private static readonly HashSet<AlertKind> Swept =
    [
        AlertKind.MigrationUndriven, AlertKind.MigrationNeedsAttention, AlertKind.MigrationRebuilt, AlertKind.CleanupStuck,
        AlertKind.HostSilent, AlertKind.RecordsLost,
    ];

    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private readonly IComputeDriver _driver;
    private readonly HostSurvey _survey;
    private readonly AuditedRecords _records;
    private readonly RecordDrift _recordDrift;
    private readonly DriftRepair _repair;
    private readonly EndedMoves _moves;
    private readonly AlertBook _book;
    private readonly LiveMigrationSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<Auditor> _logger;

    internal Auditor(
        IComputeDriver driver,
        HostSurvey survey,
        AuditedRecords records,
        RecordDrift recordDrift,
        DriftRepair repair,
        EndedMoves moves,
        AlertBook book,
        LiveMigrationSettings settings,
        TimeProvider time,
        ILogger<Auditor> logger)
    {
        (_driver, _survey, _records, _recordDrift, _repair) = (driver, survey, records, recordDrift, repair);
        (_moves, _book, _settings, _time, _logger) = (moves, book, settings, time, logger);
    }

    /// <summary>Goes on until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await WaitForHostsAsync(ct);
        await Task.WhenAll(SweepAgainAndAgainAsync(ct), FollowMovesAsync(ct));
    }

    /// <summary>Compares everything, once.</summary>
    /// <returns>False when hosts have guests that are not recorded yet: it is too early to say all.</returns>
    public async Task<bool> SweepAsync(CancellationToken ct)
    {
        await _recordDrift.ReleaseStaleClaimsAsync(ct);
        var facts = await _records.AllAsync(ct);
        var answer = await _survey.AskAsync(ct);
        var marks = answer.Guests.Values.SelectMany(host => host.Values).Select(guest => guest.Mark?.Migration).OfType<Guid>();
        var ended = await _records.HaveEndedAsync(marks, ct);
        var suspects = facts
            .Where(guest => GuestDrift.Find(guest, answer.Of(guest.Instance.Uuid), ended).Count > 0)
            .Select(guest => guest.Instance.Uuid)
            .Concat(_book.List().Where(alert => GuestDrift.Kinds.Contains(alert.Finding.Kind)).Select(alert => alert.Finding.Instance).OfType<Guid>());

        // The hosts were not asked at one instant: whoever looks suspicious is looked at by itself.
        foreach (var guest in suspects.Distinct().ToList())
        {
            await LookAtAsync(guest, ct);
        }

        var found = await _recordDrift.FindAsync(ct);
        _book.Update([.. found, .. answer.Silent.Select(host => Silent(host.Key, host.Value))], judged: finding => Swept.Contains(finding.Kind));
        var recorded = facts.Select(guest => guest.Instance.Uuid).ToHashSet();
        return answer.Guests.Values.All(host => host.Keys.All(recorded.Contains));
    }

    /// <summary>Compares one guest: every host is asked about it at the same time.</summary>
    public async Task LookAtAsync(Guid guest, CancellationToken ct)
    {
        var drifts = await CompareAsync(guest, ct);
        if (drifts is null)
        {
            return;
        }

        var tried = false;
        foreach (var drift in drifts.Value.Drifts)
        {
            tried |= await _repair.TryAsync(drift, drifts.Value.Facts!.Instance, ct);
        }

        if (tried && (drifts = await CompareAsync(guest, ct)) is null)
        {
            return;
        }

        var silent = drifts.Value.Silent;
        _book.Update(
            [.. drifts.Value.Drifts.Select(drift => drift.Finding)],
            judged: finding => finding.Instance == guest && GuestDrift.Kinds.Contains(finding.Kind) && !finding.Hosts.Any(silent.Contains));
    }

    /// <returns>Null when somebody works at the guest, or the record changed while the hosts were asked: nothing can be said then.</returns>
    private async Task<Comparison?> CompareAsync(Guid guest, CancellationToken ct)
    {
        var before = await _records.FindAsync(guest, ct);
        if (before is null || !_records.IsTold(before.Instance))
        {
            return new Comparison(before, [], []);
        }

        if (before.IsOwned)
        {
            return null;
        }

        var answers = await _survey.AskAsync(guest, ct);
        var after = await _records.FindAsync(guest, ct);
        if (after is null or { IsOwned: true } || after.Instance.Version != before.Instance.Version)
        {
            return null;
        }

        var marks = answers.Select(answer => answer.Guest?.Mark?.Migration).OfType<Guid>();
        return new Comparison(
            after,
            GuestDrift.Find(after, answers, await _records.HaveEndedAsync(marks, ct)),
            [.. answers.Where(answer => answer.Silence is not null).Select(answer => answer.Host)]);
    }

    /// <summary>A program that has just started knows none of its hosts yet, and that is no alert.</summary>
    private async Task WaitForHostsAsync(CancellationToken ct)
    {
        var began = _time.GetTimestamp();
        while (!AllOpen() && _time.GetElapsedTime(began) < FirstPatience)
        {
            await Task.Delay(Glance, _time, ct);
        }
    }

    private async Task SweepAgainAndAgainAsync(CancellationToken ct)
    {
        while (true)
        {
            var complete = true;
            await TryAsync(async () => complete = await SweepAsync(ct));
            await Task.Delay(complete ? TimeSpan.FromSeconds(_settings.AuditIntervalSeconds) : Soon, _time, ct);
        }
    }

    private async Task FollowMovesAsync(CancellationToken ct)
    {
        await foreach (var guest in _moves.ReadAsync(ct))
        {
            await TryAsync(() => LookAtAsync(guest, ct));
        }
    }

    /// <summary>What goes wrong with one comparison must not end all others.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogTrouble(exception);
        }
    }

    private bool AllOpen() => _driver.Hosts.All(host => _driver.GetLink(host).Open);

    private static Finding Silent(string host, string reason) => new(
        AlertKind.HostSilent, host, $"{host} can't be asked, so what is on it is not compared: {reason}") { Hosts = [host] };

    [LoggerMessage(LogLevel.Error, "The hosts could not be compared with the records; it is tried again")]
    private partial void LogTrouble(Exception exception);

    private readonly record struct Comparison(GuestFacts? Facts, IReadOnlyList<Drift> Drifts, IReadOnlyList<string> Silent);
}
