using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Counts the changes of the state file. What was read while the count was so and so is still so as long as the count is:
/// one controller has the file to itself, and all of its writing passes here. A change is counted when it can be read,
/// and may be counted more than once.
/// </summary>
public sealed class StateChanges : IDbCommandInterceptor, IDbTransactionInterceptor, ISaveChangesInterceptor
{
    private long _count;

    /// <summary>How many there were; take it before reading what is to be kept.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        Interlocked.Increment(ref _count);
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Interlocked.Increment(ref _count);
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public void SaveChangesFailed(DbContextErrorEventData eventData) => Interlocked.Increment(ref _count);

    /// <inheritdoc/>
    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Interlocked.Increment(ref _count);

    /// <inheritdoc/>
    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }
}
