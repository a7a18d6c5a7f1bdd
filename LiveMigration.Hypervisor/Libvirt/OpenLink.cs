using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>A connection from its opening to its end, and the news that arrive over it.</summary>
internal sealed class OpenLink : IConnectionListener, IDisposable
{
    // Enough that an abort is heard while others wait for libvirt's lock on a guest.
    private const int ThreadCount = 4;

    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly CallThreads _threads;
    private readonly string _host;
    private readonly HypervisorEvents _events;

    private OpenLink(LibvirtConnection connection, string host, HypervisorEvents events) =>
        (Connection, _host, _events, _threads) = (connection, host, events, new CallThreads(host, ThreadCount));

    internal LibvirtConnection Connection { get; }

    internal bool IsClosed => _lost.IsCancellationRequested;

    /// <summary>Cancelled when the connection is gone: libvirt may leave a call that hangs in it hanging for ever.</summary>
    internal CancellationToken Lost => _lost.Token;

    internal static OpenLink Open(string uri, LibvirtOptions options, string host, HypervisorEvents events)
    {
        var connection = LibvirtConnection.Open(uri);
        var link = new OpenLink(connection, host, events);
        try
        {
            _ = connection.SetKeepAlive(options.KeepAliveSeconds, options.KeepAliveCount);
            connection.Listen(link);
            if (!connection.IsAlive)
                link.MarkLost("closed while it was being opened");
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Completes with the reason when the connection is gone.</summary>
    internal Task<string> WhenClosedAsync(CancellationToken ct) => _closed.Task.WaitAsync(ct);

    /// <summary>
    /// Runs a call on one of the connection's threads. They die with it, and a new connection brings new ones: a
    /// call that never comes back takes its thread along.
    /// </summary>
    internal Task<T> RunAsync<T>(Func<LibvirtConnection, T> call) =>
        _threads.RunAsync(() => IsClosed ? throw new OperationCanceledException(Lost) : call(Connection));

    /// <summary>
    /// Looks whether libvirt has given the connection up. With a call hanging in it (libvirtd stopped, ssh alive) its
    /// keep-alive does so without calling anybody back.
    /// </summary>
    internal void CheckAlive()
    {
        if (!IsClosed && !Connection.IsAlive)
            MarkLost("the host stopped answering");
    }

    void IConnectionListener.Closed(CloseReason reason) => MarkLost(reason switch
    {
        CloseReason.EndOfFile => "the host closed the connection",
        CloseReason.KeepAlive => "the host stopped answering",
        CloseReason.Client => "closed by the controller",
        _ => "the connection broke",
    });

    void IConnectionListener.GuestChanged(Guid guest) => _events.Publish(new GuestChanged(_host, guest));

    public void Dispose()
    {
        _threads.Dispose();
        Connection.Dispose();
    }

    // Called on libvirt's event thread, which must not run anybody's continuations.
    private void MarkLost(string reason)
    {
        if (_closed.TrySetResult(reason))
            _ = _lost.CancelAsync();
    }
}
