namespace LiveMigration.Simulation;

/// <summary>
/// A clock that stands still until it is told to go to its next alarm. Alarms of one instant ring in the order in which
/// they were set, so that the same history sets them off in the same order.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<(Alarm Alarm, long Setting), (long At, long Order)> _alarms = new();
    private readonly DateTimeOffset _began;
    private long _now;
    private TimeSpan _wrong;
    private long _order;

    public VirtualTime(DateTimeOffset began) => _began = began;

    /// <summary>Since the clock began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next alarm rings, since the clock began; null when none is set.</summary>
    public TimeSpan? Next => Find() ? TimeSpan.FromTicks(_alarms.TryPeek(out _, out var when) ? when.At : 0) : null;

    public override DateTimeOffset GetUtcNow() => _began + Elapsed + _wrong;

    /// <summary>Sets the wall clock; what is measured goes on.</summary>
    public void JumpBy(TimeSpan by) => _wrong += by;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Lets the time until an instant pass, without ringing.</summary>
    public void PassTo(TimeSpan instant) => _now = Math.Max(_now, instant.Ticks);

    /// <summary>Goes to the next alarm and rings it.</summary>
    public void RingNext()
    {
        if (!Find())
        {
            return;
        }

        _alarms.TryDequeue(out var next, out var when);
        _now = Math.Max(_now, when.At);
        next.Alarm.Ring();
    }

    private bool Find()
    {
        while (_alarms.TryPeek(out var next, out _))
        {
            if (next.Alarm.IsSet(next.Setting))
            {
                return true;
            }

            _alarms.Dequeue();
        }

        return false;
    }

    private sealed class Alarm(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _setting;
        private bool _set;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool IsSet(long setting) => _set && setting == _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _setting++;
            _set = dueTime != Timeout.InfiniteTimeSpan;
            if (_set)
            {
                time._alarms.Enqueue((this, _setting), (time._now + Math.Max(0, dueTime.Ticks), time._order++));
            }

            return true;
        }

        public void Ring()
        {
            _set = false;
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback(state);
        }

        public void Dispose() => _set = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
