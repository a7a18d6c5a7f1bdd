using System.Collections.Concurrent;
using System.Globalization;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The threads that a host's blocking calls run on, in the order in which they were asked for.</summary>
internal sealed class CallThreads : IDisposable
{
    private readonly BlockingCollection<Action> _calls = [];

    internal CallThreads(string host, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"libvirt-{host}-{i}");
            new Thread(Work) { IsBackground = true, Name = name }.Start();
        }
    }

    internal Task<T> RunAsync<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(() => DedicatedThread.Complete(done, call));
        return done.Task;
    }

    // The collection itself is left to the collector: a worker may hang in a call and come back to it later.
    public void Dispose() => _calls.CompleteAdding();

    private void Work()
    {
        foreach (var call in _calls.GetConsumingEnumerable())
            call();
    }
}
