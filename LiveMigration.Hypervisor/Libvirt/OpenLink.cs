using System.Collections.Concurrent;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// The connections to one host from their opening to their end, and the news that arrive over the first of them. When
/// that one is gone they all count as gone.
/// </summary>
internal sealed class OpenLink : IConnectionListener, IDisposable
{
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not disposed of: it holds nothing, and its token may be asked for after the end.
    private readonly CancellationTokenSource _lost = new();
    private readonly ConcurrentBag<LibvirtConnection> _spare = [];
    private readonly LibvirtConnection _first;
    private readonly Func<LibvirtConnection> _open;
    private readonly CallThreads _threads;
    private readonly string _host;
    private readonly HypervisorEvents _events;
    private volatile bool _stopped;

    private OpenLink(string host, HypervisorEvents events, LibvirtConnection first, Func<LibvirtConnection> open, int threads)
    {
        (_host, _events, _first, _open) = (host, events, first, open);
        first.Listen(this);
        if (!first.IsAlive)
            MarkLost("closed while it was being opened");
        _threads = new CallThreads(host, threads, first, open);
    }

    internal bool IsClosed => _lost.IsCancellationRequested;

    /// <summary>Cancelled when the connection is gone: libvirt may leave a call that hangs in it hanging for ever.</summary>
    internal CancellationToken Lost => _lost.Token;

    internal static OpenLink Open(string uri, LibvirtOptions options, string host, HypervisorEvents events)
    {
        var first = OpenOne();
        try
        {
            return new OpenLink(host, events, first, OpenOne, options.CallsAtOnce);
        }
        catch
        {
            first.Dispose();
            throw;
        }

        LibvirtConnection OpenOne()
        {
            var connection = LibvirtConnection.Open(uri);
            _ = connection.SetKeepAlive(options.KeepAliveSeconds, options.KeepAliveCount);
            return connection;
        }
    }

    /// <summary>Completes with the reason when the connection is gone.</summary>
    internal Task<string> WhenClosedAsync(CancellationToken ct) => _closed.Task.WaitAsync(ct);

    /// <summary>
    /// Runs a call on one of the link's threads. They end with it, and a new link brings new ones: a call that never
    /// comes back takes its thread along.
    /// </summary>
    internal Task<T> RunAsync<T>(Func<LibvirtConnection, T> call) =>
        _threads.RunAsync(connection => IsClosed ? throw new OperationCanceledException(Lost) : call(connection));

    /// <summary>Runs a long call on a thread and a connection of its own.</summary>
    internal Task<T> RunAloneAsync<T>(string thread, Func<LibvirtConnection, T> call) =>
        DedicatedThread.RunAsync(thread, () =>
        {
            var connection = _spare.TryTake(out var spare) && spare.IsAlive ? spare : _open();
            try
            {
                return call(connection);
            }
            finally
            {
                Keep(connection);
            }
        });

    /// <summary>Opens a connection for the next long call, so that it need not wait for a log-in.</summary>
    internal Task<bool> PrepareSpareAsync() => DedicatedThread.RunAsync($"libvirt-{_host}-spare", () =>
    {
        Keep(_open());
        return true;
    });

    /// <summary>
    /// Looks whether libvirt has given the connection up. With a call hanging in it (libvirtd stopped, ssh alive) its
    /// keep-alive does so without calling anybody back.
    /// </summary>
    internal void CheckAlive()
    {
        try
        {
            if (!IsClosed && !_first.IsAlive)
                MarkLost("the host stopped answering");
        }
        catch (ObjectDisposedException)
        {
            // Closed by us in this very moment.
        }
    }

    /// <summary>Closes the connections; may hang as any call may. Those in use are closed when their calls are back.</summary>
    public void Dispose()
    {
        _stopped = true;
        _threads.Stop();
        CloseSpares();
    }

    void IConnectionListener.Closed(CloseReason reason) => MarkLost(reason switch
    {
        CloseReason.EndOfFile => "the host closed the connection",
        CloseReason.KeepAlive => "the host stopped answering",
        CloseReason.Client => "closed by the controller",
        _ => "the connection broke",
    });

    void IConnectionListener.GuestChanged(Guid guest) => _events.Publish(new GuestChanged(_host, guest));

    private void Keep(LibvirtConnection connection)
    {
        _spare.Add(connection);
        if (_stopped)
            CloseSpares();
    }

    private void CloseSpares()
    {
        while (_spare.TryTake(out var connection))
            connection.Dispose();
    }

    // Called on libvirt's event thread, which must not run anybody's continuations.
    private void MarkLost(string reason)
    {
        if (_closed.TrySetResult(reason))
            _ = _lost.CancelAsync();
    }
}
