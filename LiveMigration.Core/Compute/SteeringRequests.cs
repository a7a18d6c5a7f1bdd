namespace LiveMigration.Core.Compute;

/// <summary>
/// Counts what was asked of moves that are under way: to be taken back, to be completed by force. Whoever has read the
/// records since the last of them need not read them again. This process has the records to itself, so all of them pass here.
/// </summary>
public sealed class SteeringRequests
{
    private long _count;

    /// <summary>How many there were in this process; take it before reading the records.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Writes one. It is counted however the write ended: it may stand in the records even if it is said to have failed.</summary>
    /// <param name="write">Makes it readable.</param>
    public async Task TellAfterAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        finally
        {
            Interlocked.Increment(ref _count);
        }
    }
}
