using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Hands every event to everybody who watches. A watcher that falls behind loses the oldest, never stops a host.</summary>
internal sealed class HypervisorEvents
{
    private const int Backlog = 10_000;
    private readonly Lock _gate = new();
    private readonly List<Channel<HypervisorEvent>> _watchers = [];

    internal void Publish(HypervisorEvent happened)
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(happened);
        }
    }

    internal async IAsyncEnumerable<HypervisorEvent> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var watcher = Channel.CreateBounded<HypervisorEvent>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _watchers.Add(watcher);
        }

        try
        {
            await foreach (var happened in watcher.Reader.ReadAllAsync(ct))
                yield return happened;
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(watcher);
            }
        }
    }
}
