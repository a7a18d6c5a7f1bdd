namespace LiveMigration.Simulation;

/// <summary>
/// One thread for everything: what is awaited goes on in one order, and that is the same with each run. It holds only in a
/// process that has been told it has one processor (<c>DOTNET_PROCESSOR_COUNT=1</c>); see <see cref="Program"/>.
/// </summary>
internal static class OneThread
{
    /// <summary>The variable that makes .NET believe in one processor.</summary>
    public const string Variable = "DOTNET_PROCESSOR_COUNT";

    /// <summary>Narrows the thread pool of this process.</summary>
    /// <exception cref="InvalidOperationException">The process has more than one processor.</exception>
    public static void Claim()
    {
        if (Environment.ProcessorCount != 1 || !ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
        {
            throw new InvalidOperationException($"A history can only be repeated on one thread: set {Variable}=1.");
        }
    }

    /// <summary>Lets everything go on that can without time passing.</summary>
    public static async Task SettleAsync()
    {
        do
        {
            await Task.Yield();
        }
        while (ThreadPool.PendingWorkItemCount > 0);
    }
}
