using System.Collections.Concurrent;
using System.Globalization;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// The threads that a host's blocking calls run on, in the order in which they were asked for. Each has a connection
/// of its own: before libvirt 10.3 two threads that wait on one connection corrupt each other's stack when it breaks
/// (CVE-2024-4418).
/// </summary>
internal sealed class CallThreads
{
    private readonly BlockingCollection<Action<Func<LibvirtConnection>>> _calls = [];
    private readonly Func<LibvirtConnection> _open;

    /// <param name="host">Whose threads they are.</param>
    /// <param name="count">How many calls may wait for the host at once.</param>
    /// <param name="first">The connection of the first thread, which closes it; the others open theirs when needed.</param>
    /// <param name="open">Opens one more connection.</param>
    internal CallThreads(string host, int count, LibvirtConnection first, Func<LibvirtConnection> open)
    {
        _open = open;
        for (var i = 1; i <= count; i++)
        {
            var own = i == 1 ? first : null;
            var name = string.Create(CultureInfo.InvariantCulture, $"libvirt-{host}-{i}");
            new Thread(() => Work(own)) { IsBackground = true, Name = name }.Start();
        }
    }

    internal Task<T> RunAsync<T>(Func<LibvirtConnection, T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(connection => DedicatedThread.Complete(done, () => call(connection())));
        return done.Task;
    }

    /// <summary>Ends the threads and closes their connections, each as soon as its call is back.</summary>
    internal void Stop() => _calls.CompleteAdding();

    private void Work(LibvirtConnection? connection)
    {
        foreach (var call in _calls.GetConsumingEnumerable())
            call(Connection);
        connection?.Dispose();

        LibvirtConnection Connection()
        {
            if (connection is { IsAlive: true })
                return connection;
            connection?.Dispose();
            connection = null;
            return connection = _open();
        }
    }
}
