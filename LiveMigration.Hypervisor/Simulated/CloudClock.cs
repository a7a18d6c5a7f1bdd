namespace LiveMigration.Hypervisor.Simulated;

/// <summary>
/// The cloud's only source of time: a queue of what is due. What is due runs at its own instant, however late the
/// provider's timer wakes us, so that a history does not depend on the timer's punctuality.
/// </summary>
internal sealed class CloudClock
{
    private readonly PriorityQueue<Action, (TimeSpan Due, long Order)> _due = new();
    private readonly TimeProvider _time;
    private readonly long _began;
    private long _order;

    public CloudClock(TimeProvider time)
    {
        _time = time;
        _began = time.GetTimestamp();
    }

    /// <summary>The instant that is being worked on, since the cloud began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Counts changes of the queue, so that whoever sets a timer by it can tell that it has changed since.</summary>
    public long Changes { get; private set; }

    /// <summary>How long the timer may sleep; null when nothing is planned.</summary>
    public TimeSpan? UntilNext()
    {
        if (!_due.TryPeek(out _, out var next)) return null;
        var wait = next.Due - _time.GetElapsedTime(_began);
        // Timers count whole milliseconds: rounded down they would wake too early, again and again.
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
    }

    public void Plan(TimeSpan due, Action act)
    {
        _due.Enqueue(act, (due < Now ? Now : due, _order++));
        Changes++;
    }

    /// <summary>Moves to the provider's now, running everything due on the way.</summary>
    /// <param name="around">Called with every act, at its instant.</param>
    public void CatchUp(Action<Action> around)
    {
        var target = _time.GetElapsedTime(_began);
        while (_due.TryPeek(out var act, out var next) && next.Due <= target)
        {
            _due.Dequeue();
            Changes++;
            if (next.Due > Now) Now = next.Due;
            around(act);
        }

        if (target > Now) Now = target;
    }
}
