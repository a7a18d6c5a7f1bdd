using System.Diagnostics.Metrics;
using LiveMigration.Core.Drivers;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Alerts;

/// <summary>
/// What is wrong now. Kept in memory on purpose: an alert says what hosts and records say, so whoever starts again asks
/// them again, and never repeats what has long been put right. Raised and resolved ones are logged and counted.
/// </summary>
public sealed partial class AlertBook : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "LiveMigration.Alerts";

    /// <summary>Counts alerts as they are raised, by <c>kind</c> and <c>severity</c>.</summary>
    public const string RaisedName = "livemigration.alerts.raised";

    /// <summary>How many stand now, by <c>kind</c> and <c>severity</c>.</summary>
    public const string StandingName = "livemigration.alerts.standing";

    private const int ResolvedKept = 200;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<(AlertKind Kind, string Subject), Alert> _standing = [];
    private readonly Queue<Alert> _resolved = [];
    private readonly IIdSource _ids;
    private readonly TimeProvider _time;
    private readonly ILogger<AlertBook> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _raised;

    /// <summary>An empty book.</summary>
    public AlertBook(IIdSource ids, TimeProvider time, ILogger<AlertBook> logger)
    {
        (_ids, _time, _logger) = (ids, time, logger);
        _meter = new Meter(MeterName, version: null, tags: null, scope: this);
        _raised = _meter.CreateCounter<long>(RaisedName, "{alert}", "Alerts that were raised");
        _meter.CreateObservableGauge(StandingName, Count, "{alert}", "Alerts that stand now");
    }

    /// <summary>The alerts that stand, oldest first; with <paramref name="all"/> the last resolved ones after them.</summary>
    public IReadOnlyList<Alert> List(bool all = false)
    {
        lock (_gate)
        {
            var standing = _standing.Values.OrderBy(alert => alert.Since);
            return [.. standing, .. all ? _resolved.Reverse() : []];
        }
    }

    /// <summary>Notes what a look has found, and resolves what it could have found again and has not.</summary>
    /// <param name="found">What is wrong.</param>
    /// <param name="judged">Whether the look could tell that this one still stands.</param>
    internal void Update(IReadOnlyList<Finding> found, Func<Finding, bool> judged)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        lock (_gate)
        {
            foreach (var finding in found)
            {
                Note(finding, now);
            }

            var gone = _standing.Where(pair => judged(pair.Value.Finding)
                && !found.Any(finding => finding.Kind == pair.Key.Kind && finding.Subject == pair.Key.Subject)).ToList();
            foreach (var (key, alert) in gone)
            {
                Resolve(key, alert, now);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Note(Finding finding, DateTime now)
    {
        var key = (finding.Kind, finding.Subject);
        if (_standing.TryGetValue(key, out var known))
        {
            _standing[key] = known with { Finding = finding, LastSeen = now };
            return;
        }

        var alert = new Alert(_ids.NewGuid(), finding, finding.Since ?? now, now, ResolvedAt: null);
        _standing.Add(key, alert);
        _raised.Add(1, [.. TagsOf(finding.Kind)]);
        var (kind, isCritical) = (finding.Kind.ToWord(), finding.Kind.Severity() == AlertSeverity.Critical);
        LogRaised(isCritical ? LogLevel.Critical : LogLevel.Warning, kind, finding.Subject, finding.Text, alert.Id);
    }

    private void Resolve((AlertKind Kind, string Subject) key, Alert alert, DateTime now)
    {
        _standing.Remove(key);
        _resolved.Enqueue(alert with { ResolvedAt = now });
        if (_resolved.Count > ResolvedKept)
        {
            _resolved.Dequeue();
        }

        var kind = key.Kind.ToWord();
        LogResolved(kind, key.Subject, alert.Id);
    }

    private IEnumerable<Measurement<long>> Count()
    {
        lock (_gate)
        {
            // The kinds that stand at nought are told, too: else the last value of a resolved one would stay.
            return
            [
                .. Enum.GetValues<AlertKind>().Select(kind => new Measurement<long>(
                    _standing.Keys.Count(key => key.Kind == kind), TagsOf(kind))),
            ];
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> TagsOf(AlertKind kind) =>
        [new("kind", kind.ToWord()), new("severity", kind.Severity().ToWord())];

    [LoggerMessage(Message = "Alert {Kind} of {Subject}: {Text} (alert {Id})")]
    private partial void LogRaised(LogLevel level, string kind, string subject, string text, Guid id);

    [LoggerMessage(LogLevel.Information, "Alert {Kind} of {Subject} is resolved (alert {Id})")]
    private partial void LogResolved(string kind, string subject, Guid id);
}
