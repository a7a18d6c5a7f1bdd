namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Runs one long blocking call on a thread of its own, so that no pool thread ever waits for a host.</summary>
internal static class DedicatedThread
{
    internal static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Complete(done, work)) { IsBackground = true, Name = name }.Start();
        return done.Task;
    }

    internal static void Complete<T>(TaskCompletionSource<T> done, Func<T> work)
    {
        try
        {
            done.TrySetResult(work());
        }
        catch (Exception error)
        {
            done.TrySetException(error);
        }
    }
}
