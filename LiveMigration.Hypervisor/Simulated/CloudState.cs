using System.Threading.Channels;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>All that a cloud is, in one place. Whoever touches it holds the cloud's lock.</summary>
internal sealed class CloudState
{
    private const int WatcherCapacity = 10_000;
    private readonly Dictionary<(string, string), CloudLink> _links = [];

    public CloudState(SimulatedCloudOptions options, TimeProvider time)
    {
        Options = options;
        Clock = new CloudClock(time);
        Storage = new CloudStorage(options.Volumes);
        foreach (var host in options.Hosts) Hosts.Add(host.Name, new CloudHost(host));
        foreach (var host in Hosts.Values)
        {
            foreach (var file in host.Options.Files)
            {
                if (host.StorageOf(file) is { } storage) Files.Add((storage, Path.GetFileName(file)));
            }
        }
    }

    public SimulatedCloudOptions Options { get; }

    public CloudClock Clock { get; }

    public TimeSpan Now => Clock.Now;

    public OrderedDictionary<string, CloudHost> Hosts { get; } = new(StringComparer.Ordinal);

    public CloudStorage Storage { get; }

    public Dictionary<Guid, CloudGuest> Guests { get; } = [];

    /// <summary>Transfers under way, in the order in which they began.</summary>
    public List<Transfer> Transfers { get; } = [];

    /// <summary>Held phases; a null guest means every guest.</summary>
    public HashSet<(TransferPhase Phase, Guid? Guest)> Holds { get; } = [];

    public HashSet<(string Storage, string File)> Files { get; } = [];

    public CloudImages Images { get; } = new();

    public RunLedger Ledger { get; } = new();

    public List<SimulatedHistoryEntry> History { get; } = [];

    public List<Channel<HypervisorEvent>> Watchers { get; } = [];

    public CloudLink Link(string a, string b)
    {
        var key = KeyOf(a, b);
        if (_links.TryGetValue(key, out var link)) return link;
        var options = Options.Links.FirstOrDefault(l => KeyOf(l.A, l.B) == key);
        return _links[key] = new CloudLink(options ?? Options.DefaultLink);
    }

    public GuestCopy Add(CloudHost host, CloudGuest guest, GuestState state)
    {
        var copy = new GuestCopy(host, guest, GuestState.Off);
        host.Guests.Add(guest.Uuid, copy);
        SetState(copy, state, RunCause.Started);
        return copy;
    }

    public void Remove(GuestCopy copy, RunCause cause)
    {
        SetState(copy, GuestState.Off, cause);
        copy.Host.Guests.Remove(copy.Guest.Uuid);
        Note(copy.Host.Name, copy.Guest.Uuid, "gone");
        Announce(copy);
    }

    /// <summary>The only way a guest's state changes: it keeps the ledger, the history and the events in step.</summary>
    public void SetState(GuestCopy copy, GuestState state, RunCause cause)
    {
        var ran = copy.Runs;
        copy.State = state;
        if (ran != copy.Runs)
            Ledger.Note(new RunEntry(Now, copy.Guest.Uuid, copy.Host.Name, copy.Runs, cause));
        Note(copy.Host.Name, copy.Guest.Uuid, state.ToString());
        Announce(copy);
    }

    public void Note(string host, Guid? guest, string what) =>
        History.Add(new SimulatedHistoryEntry(Now, host, guest, what));

    public void Announce(HypervisorEvent change)
    {
        foreach (var watcher in Watchers) watcher.Writer.TryWrite(change);
    }

    public Channel<HypervisorEvent> NewWatcher()
    {
        // A watcher that nobody reads must not grow for ever; events may be lost, the port says so.
        var watcher = Channel.CreateBounded<HypervisorEvent>(
            new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        Watchers.Add(watcher);
        return watcher;
    }

    private static (string, string) KeyOf(string a, string b) => string.CompareOrdinal(a, b) <= 0 ? (a, b) : (b, a);

    private void Announce(GuestCopy copy)
    {
        if (copy.Host.Answers) Announce(new GuestChanged(copy.Host.Name, copy.Guest.Uuid));
    }
}

/// <summary>Something that happened in a simulated cloud.</summary>
/// <param name="At">Since the cloud began.</param>
/// <param name="Host">Where.</param>
/// <param name="Guest">To which guest; null for the host itself.</param>
/// <param name="What">A guest's new state, a transfer's new phase, a knob that was turned.</param>
public sealed record SimulatedHistoryEntry(TimeSpan At, string Host, Guid? Guest, string What);
