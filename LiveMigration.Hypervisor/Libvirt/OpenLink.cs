using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>A connection from its opening to its end, and the news that arrive over it.</summary>
internal sealed class OpenLink : IConnectionListener, IDisposable
{
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _host;
    private readonly HypervisorEvents _events;

    private OpenLink(LibvirtConnection connection, string host, HypervisorEvents events) =>
        (Connection, _host, _events) = (connection, host, events);

    internal LibvirtConnection Connection { get; }

    internal bool IsClosed => _closed.Task.IsCompleted;

    internal static OpenLink Open(string uri, LibvirtOptions options, string host, HypervisorEvents events)
    {
        var connection = LibvirtConnection.Open(uri);
        var link = new OpenLink(connection, host, events);
        try
        {
            _ = connection.SetKeepAlive(options.KeepAliveSeconds, options.KeepAliveCount);
            connection.Listen(link);
            if (!connection.IsAlive)
                link._closed.TrySetResult("closed while it was being opened");
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

    void IConnectionListener.Closed(CloseReason reason) => _closed.TrySetResult(reason switch
    {
        CloseReason.EndOfFile => "the host closed the connection",
        CloseReason.KeepAlive => "the host stopped answering",
        CloseReason.Client => "closed by the controller",
        _ => "the connection broke",
    });

    void IConnectionListener.GuestChanged(Guid guest) => _events.Publish(new GuestChanged(_host, guest));

    public void Dispose() => Connection.Dispose();
}
