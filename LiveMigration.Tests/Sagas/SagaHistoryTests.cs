using LiveMigration.Core.Sagas;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Sagas;

/// <summary>Every history of a saga ends complete or back at its beginning, whatever fails and whenever its driver dies.</summary>
public sealed class SagaHistoryTests
{
    private readonly ToyWorld _world = new();
    private readonly ToyJournal _journal = new();
    private readonly FakeTimeProvider _time = new();

    /// <summary>Each act failing early or late, or none, times a death before or after each write, or none.</summary>
    public static TheoryData<string?, bool, int?, bool, bool> Histories()
    {
        TheoryData<string?, bool, int?, bool, bool> histories = [];
        foreach (var act in (IEnumerable<string?>)[null, .. ToySaga.Acts])
        {
            foreach (var late in act is null ? [false] : new[] { false, true })
            {
                foreach (var write in Enumerable.Range(1, 14).Select(write => (int?)write).Prepend(null))
                {
                    foreach (var after in write is null ? [false] : new[] { false, true })
                    {
                        histories.Add(act, late, write, after, false);
                    }
                }
            }
        }

        foreach (var write in Enumerable.Range(1, 10))
        {
            histories.Add(null, false, write, false, true);
        }

        return histories;
    }

    /// <summary>Each write of a whole run, made or not made when its answer is an error.</summary>
    public static TheoryData<int, bool> Writes()
    {
        TheoryData<int, bool> writes = [];
        foreach (var write in Enumerable.Range(1, 8))
        {
            writes.Add(write, false);
            writes.Add(write, true);
        }

        return writes;
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Ends_complete_or_back_at_the_beginning(string? failsAt, bool failsLate, int? diesAt, bool diesLate, bool abort)
    {
        (_world.FailsAt, _world.FailsLate) = (failsAt, failsLate);
        (_journal.DiesAt, _journal.DiesLate) = (diesAt, diesLate);
        _journal.Abort = abort;

        await RunToTheEndAsync();

        var end = _journal.Lines[^1].Kind;
        Assert.Equal(_world.Moved ? JournalKind.Completed : JournalKind.Unwound, end);
        Assert.Equal(!_world.Moved, _world.Ended);
        Assert.Empty(_world.Made);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task What_happened_while_the_store_was_away_is_written_once_when_it_is_back(int write, bool late)
    {
        (_journal.AwayAt, _journal.AwayLate) = (write, late);

        var result = await DriveAsync();

        Assert.True(Assert.IsType<SagaResult.Ended>(result).Completed);
        Assert.Equal(_journal.Lines.Distinct().Count(), _journal.Lines.Count);
        Assert.Empty(_world.Made);
    }

    [Fact]
    public async Task Lines_of_whoever_took_the_saga_over_meanwhile_are_not_taken_for_ones_own()
    {
        (_journal.AwayAt, _journal.TakenOverMeanwhile) = (2, true); // claim done, prepare begun

        await Assert.ThrowsAsync<LeaseLost>(DriveAsync);

        Assert.Equal(["claim"], _world.Made);
    }

    [Theory]
    [InlineData("claim", false)]
    [InlineData("prepare", true)]
    [InlineData("settle", false)]
    [InlineData("tidy", true)]
    public async Task A_step_that_could_not_use_the_store_is_repeated_and_not_taken_back(string act, bool late)
    {
        (_world.FailsAt, _world.FailsLate, _world.FailsWith) = (act, late, new Away());

        var result = await DriveAsync();

        Assert.True(Assert.IsType<SagaResult.Ended>(result).Completed);
        Assert.DoesNotContain(_journal.Lines, line => line.Kind is JournalKind.StepFailed or JournalKind.UnwindBegun);
    }

    [Fact]
    public async Task Taking_back_waits_for_the_store_as_well()
    {
        _journal.Abort = true;
        (_world.FailsAt, _world.FailsWith) = ("finish", new Away());

        var result = await DriveAsync();

        Assert.False(Assert.IsType<SagaResult.Ended>(result).Completed);
        Assert.DoesNotContain(_journal.Lines, line => line.Kind is JournalKind.UndoFailed);
    }

    [Fact]
    public async Task Says_why_it_turned_round()
    {
        _world.FailsAt = "prepare";

        await RunToTheEndAsync();

        Assert.Equal("prepare was told to fail", _journal.State.Failure);
        Assert.False(_journal.State.Cancelled);
    }

    [Fact]
    public async Task An_abort_before_the_pivot_is_no_failure()
    {
        _journal.Abort = true;

        await RunToTheEndAsync();

        Assert.True(_journal.State.Cancelled);
        Assert.False(_world.Moved);
    }

    [Fact]
    public async Task An_abort_after_the_pivot_changes_nothing()
    {
        (_journal.DiesAt, _journal.DiesLate) = (PivotDone(), true);
        await DriveAsync();
        Assert.True(_world.Moved);
        _journal.Abort = true;

        await RunToTheEndAsync();

        Assert.Equal(JournalKind.Completed, _journal.Lines[^1].Kind);
    }

    [Fact]
    public async Task While_nobody_answers_it_waits_and_touches_nothing()
    {
        (_journal.DiesAt, _journal.DiesLate) = (5, false);
        await DriveAsync();
        _world.Silent = true;
        var before = _journal.Lines.Count;

        var result = await DriveAsync();

        Assert.IsType<SagaResult.Waits>(result);
        Assert.Equal(before, _journal.Lines.Count);
        Assert.True(_journal.Attention!.NeedsHelp);
        _world.Silent = false;
        await RunToTheEndAsync();
        Assert.Equal(JournalKind.Completed, _journal.Lines[^1].Kind);
    }

    [Fact]
    public async Task What_goes_on_but_can_not_be_watched_is_not_tried_again_in_a_hurry()
    {
        (_journal.DiesAt, _journal.DiesLate) = (5, false);
        await DriveAsync();
        _world.Unwatchable = true;
        var before = _journal.Lines.Count;

        var result = await DriveAsync();

        Assert.Equal("it can't be watched: move refused a lever", Assert.IsType<SagaResult.Waits>(result).Reason);
        Assert.True(_journal.Lines.Count < before + 10, $"{_journal.Lines.Count - before} lines");
        _world.Unwatchable = false;
        await RunToTheEndAsync();
        Assert.Equal(JournalKind.Completed, _journal.Lines[^1].Kind);
    }

    [Fact]
    public async Task A_process_never_takes_a_saga_over_from_itself()
    {
        (_journal.DiesAt, _journal.DiesLate) = (5, false);
        await DriveAsync();
        _world.Silent = true;
        var process = new DrivenHere();
        var first = Runner(process).RunAsync(1, until: null, CancellationToken.None);

        // The journal gives the lease to whoever asks, as one whose lease a clock that was set ahead has ended.
        Assert.IsType<SagaResult.NotOurs>(await Runner(process).RunAsync(1, until: null, CancellationToken.None));

        _world.Silent = false;
        Assert.True(Assert.IsType<SagaResult.Ended>(await FinishAsync(first)).Completed);
        Assert.False(process.Contains<ToyState>(1));
    }

    [Fact]
    public async Task A_driver_of_an_older_epoch_writes_nothing()
    {
        var old = (await _journal.TryTakeAsync(1, CancellationToken.None))!;
        var read = await _journal.LoadAsync(old, CancellationToken.None);
        await _journal.TryTakeAsync(1, CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLost>(
            () => _journal.AppendAsync(old, read, [new JournalEntry("claim", JournalKind.StepStarted)], new ToyState(), CancellationToken.None));
    }

    /// <summary>claim begun, claim done and prepare begun, prepare done, move begun, move returned: the sixth write settles it.</summary>
    private static int PivotDone() => 6;

    private async Task RunToTheEndAsync()
    {
        for (var drives = 0; drives < 50; drives++)
        {
            if (await DriveAsync() is SagaResult.Ended or SagaResult.NotOurs)
            {
                return;
            }
        }

        Assert.Fail($"not ended after 50 drives: {string.Join(", ", _journal.Lines)}");
    }

    private async Task<SagaResult?> DriveAsync()
    {
        try
        {
            return await FinishAsync(Runner(new DrivenHere()).RunAsync(1, until: null, CancellationToken.None));
        }
        catch (Killed)
        {
            _journal.DiesAt = null;
            return null;
        }
    }

    private SagaRunner<ToyState> Runner(DrivenHere process) =>
        new(new ToySaga(_world), _journal, new ToyOutages(), process, _time, NullLogger<SagaRunner<ToyState>>.Instance);

    private async Task<SagaResult> FinishAsync(Task<SagaResult> drive)
    {
        while (!drive.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await drive;
    }
}
