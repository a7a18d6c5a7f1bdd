using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>
/// A cloud without hardware: hosts, guests that dirty their memory, links that carry it, and a clock. It outlives the
/// drivers that talk to it, as real hosts outlive a controller. The same calls at the same instants give the same
/// <see cref="History"/>.
/// </summary>
/// <remarks>
/// All state is behind one lock that is never held across an await. Time passes only as the given
/// <see cref="TimeProvider"/> says; with a fake one nothing happens until it is advanced.
/// </remarks>
public sealed partial class SimulatedCloud : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CloudState _state;
    private readonly TransferEngine _engine;
    private readonly ITimer _timer;

    /// <summary>A cloud that begins now.</summary>
    public SimulatedCloud(SimulatedCloudOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _state = new CloudState(options, time);
        _engine = new TransferEngine(_state);
        _timer = time.CreateTimer(_ => Within(() => 0), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (var guest in options.Guests) AddGuest(guest);
    }

    /// <summary>The hosts' names, in the options' order.</summary>
    public IReadOnlyList<string> Hosts => Within(() => _state.Hosts.Keys.ToList());

    /// <summary>How long the cloud exists.</summary>
    public TimeSpan Elapsed => Within(() => _state.Now);

    /// <summary>Everything that happened, in order.</summary>
    public IReadOnlyList<SimulatedHistoryEntry> History => Within(() => _state.History.ToList());

    /// <summary>When which guest's processors began to run where, and stopped.</summary>
    public IReadOnlyList<RunEntry> RunLedger => Within(() => _state.Ledger.Entries.ToList());

    /// <summary>What must never have been: a guest on two hosts at one instant, one that a transfer lost, one cut off from its volume.</summary>
    /// <returns>One sentence for each violation, in order; none when all is well.</returns>
    public IReadOnlyList<string> Audit() => Within(IReadOnlyList<string> () =>
    [
        .. _state.Ledger.Audit(
            guest => _state.Guests[guest].Options.Name,
            guest => _state.Transfers.Exists(t => t.Guest.Uuid == guest)),
        .. _state.Storage.Violations,
    ]);

    /// <summary>Adds a guest, in whatever state its options say; the same guest may be added on a second host.</summary>
    /// <exception cref="ComputeHostNotFound">The options name no host of this cloud.</exception>
    public void AddGuest(SimulatedGuestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Within(() =>
        {
            if (!_state.Guests.TryGetValue(options.Uuid, out var guest))
                _state.Guests.Add(options.Uuid, guest = new CloudGuest(options));
            var copy = _state.Add(HostOf(options.Host), guest, options.State);
            copy.Mark = options.Mark;
            copy.Persistent = options.Persistent;
            _state.Images.AddDisksOf(copy.Host, options);
        });
    }

    /// <summary>The hosts on which the guest's processors run now.</summary>
    public IReadOnlyList<string> WhereRuns(Guid guest) => Within(() =>
        _state.Hosts.Values.Where(host => host.Guests.TryGetValue(guest, out var copy) && copy.Runs).Select(host => host.Name).ToList());

    /// <summary>Whether a host knows the guest, in whatever state.</summary>
    public bool Knows(string host, Guid guest) => Within(() => HostOf(host).Guests.ContainsKey(guest));

    /// <summary>The mark that the guest carries on a host; null when it carries none, or is not there.</summary>
    public MigrationMark? MarkOn(string host, Guid guest) => Within(() => HostOf(host).Guests.GetValueOrDefault(guest)?.Mark);

    /// <summary>Where the guest's transfer is; null when none is under way.</summary>
    public TransferPhase? PhaseOf(Guid guest) => Within(() => TransferOf(guest)?.Phase);

    /// <summary>True while the guest's transfer is held at the end of a phase.</summary>
    public bool IsHeldAt(TransferPhase phase, Guid guest) =>
        Within(() => TransferOf(guest) is { IsParked: true } transfer && transfer.Phase == phase);

    /// <summary>Stops the clock of the cloud.</summary>
    public void Dispose() => _timer.Dispose();

    private Transfer? TransferOf(Guid guest) => _state.Transfers.Find(t => t.Guest.Uuid == guest);

    private CloudHost HostOf(string name) =>
        _state.Hosts.TryGetValue(name, out var host) ? host : throw new ComputeHostNotFound(name);

    private GuestCopy CopyOf(string host, Guid guest) =>
        HostOf(host).Guests.TryGetValue(guest, out var copy) ? copy : throw new GuestNotFound(host, guest);

    private void Within(Action act) => Within(() =>
    {
        act();
        return 0;
    });

    /// <summary>Does something to the state, at the provider's now.</summary>
    private T Within<T>(Func<T> act)
    {
        try
        {
            lock (_gate)
            {
                _state.Clock.CatchUp(due =>
                {
                    _engine.SettleAll();
                    due();
                    _engine.Replan();
                });
                _engine.SettleAll();
                try
                {
                    return act();
                }
                finally
                {
                    _engine.Replan();
                }
            }
        }
        finally
        {
            Arm();
        }
    }

    // Not under a lock: a fake timer may run other people's callbacks from within Change. Whoever was overtaken while it
    // set the timer sets it again.
    private void Arm()
    {
        while (true)
        {
            var (wait, changes) = NextWake();
            _timer.Change(wait ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (NextWake().Changes == changes) return;
        }
    }

    private (TimeSpan? Wait, long Changes) NextWake()
    {
        lock (_gate) return (_state.Clock.UntilNext(), _state.Clock.Changes);
    }
}
