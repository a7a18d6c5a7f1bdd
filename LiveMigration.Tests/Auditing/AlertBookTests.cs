using System.Diagnostics.Metrics;
using LiveMigration.Core.Alerts;
using LiveMigration.Core.Drivers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Auditing;

/// <summary>Alerts are raised once, stay as long as they are found, and are counted and logged.</summary>
public sealed class AlertBookTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Lines _log = new();
    private readonly AlertBook _book;

    public AlertBookTests() => _book = new AlertBook(new RandomIdSource(), _time, _log);

    public void Dispose() => _book.Dispose();

    [Fact]
    public void What_is_found_again_is_the_same_alert_in_the_words_of_the_last_look()
    {
        Look(new Finding(AlertKind.GuestGone, "one", "first"));
        var first = Assert.Single(_book.List());
        _time.Advance(TimeSpan.FromMinutes(5));

        Look(new Finding(AlertKind.GuestGone, "one", "second"));

        var again = Assert.Single(_book.List());
        Assert.Equal((first.Id, first.Since, "second"), (again.Id, again.Since, again.Finding.Text));
        Assert.Equal(first.Since.AddMinutes(5), again.LastSeen);
    }

    [Fact]
    public void What_is_no_longer_found_is_resolved_and_listed_only_when_asked_for()
    {
        Look(new Finding(AlertKind.GuestGone, "one", "text"));
        _time.Advance(TimeSpan.FromMinutes(1));

        Look();

        Assert.Empty(_book.List());
        Assert.Equal(new DateTime(2026, 1, 1, 0, 1, 0, DateTimeKind.Utc), Assert.Single(_book.List(all: true)).ResolvedAt);
    }

    [Fact]
    public void What_a_look_could_not_judge_stands()
    {
        Look(new Finding(AlertKind.GuestGone, "one", "text"));

        _book.Update([], judged: _ => false);

        Assert.Single(_book.List());
    }

    [Fact]
    public void It_is_logged_when_it_is_raised_and_when_it_is_resolved_and_not_between()
    {
        Look(new Finding(AlertKind.GuestRunsTwice, "one", "it runs twice"));
        Look(new Finding(AlertKind.GuestRunsTwice, "one", "it runs twice"));
        Look();

        Assert.Equal([LogLevel.Critical, LogLevel.Information], _log.Select(line => line.Level));
        Assert.StartsWith("Alert guest-runs-twice of one: it runs twice", _log[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("Alert guest-runs-twice of one is resolved", _log[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_counted_by_kind()
    {
        var (raised, standing) = (0L, new Dictionary<string, long>(StringComparer.Ordinal));
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _book)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var kind = (string)tags.ToArray().Single(tag => tag.Key == "kind").Value!;
            if (instrument.Name == AlertBook.RaisedName) raised += value;
            else standing[kind] = value;
        });
        listener.Start();

        Look(new Finding(AlertKind.GuestGone, "one", "text"), new Finding(AlertKind.GuestGone, "two", "text"));
        listener.RecordObservableInstruments();
        Assert.Equal((2, 2, 0), (raised, standing["guest-gone"], standing["guest-runs-twice"]));

        Look();
        listener.RecordObservableInstruments();
        Assert.Equal((2, 0), (raised, standing["guest-gone"]));
    }

    [Fact]
    public void Every_kind_has_a_word_of_its_own() =>
        Assert.Equal(Enum.GetValues<AlertKind>().Length, Enum.GetValues<AlertKind>().Select(kind => kind.ToWord()).Distinct(StringComparer.Ordinal).Count());

    private void Look(params Finding[] found) => _book.Update(found, judged: _ => true);

    private sealed class Lines : List<(LogLevel Level, string Message)>, ILogger<AlertBook>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add((logLevel, formatter(state, exception)));
    }
}
