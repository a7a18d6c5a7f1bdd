namespace LiveMigration.Core.Seals;

/// <summary>Calls to a host behind its keeper.</summary>
internal static class HostKeeperCalls
{
    /// <summary>A call that looks, or does what can be taken back.</summary>
    public static async Task<T> AskAsync<T>(this HostKeeper keeper, string host, Func<Task<T>> call, CancellationToken ct)
    {
        await keeper.EnterAsync(host, ct);
        return await call();
    }

    /// <summary>The same without an answer.</summary>
    public static async Task DoAsync(this HostKeeper keeper, string host, Func<Task> call, CancellationToken ct)
    {
        await keeper.EnterAsync(host, ct);
        await call();
    }

    /// <summary>A call that can't be taken back.</summary>
    public static async Task<T> ActAsync<T>(this HostKeeper keeper, string host, Func<Task<T>> call, CancellationToken ct)
    {
        await keeper.EnterToActAsync(host, ct);
        return await call();
    }

    /// <summary>The same without an answer.</summary>
    public static async Task ActAsync(this HostKeeper keeper, string host, Func<Task> call, CancellationToken ct)
    {
        await keeper.EnterToActAsync(host, ct);
        await call();
    }
}
