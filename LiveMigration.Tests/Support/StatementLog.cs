using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LiveMigration.Tests.Support;

/// <summary>Every statement that a controller has run, each once.</summary>
internal sealed class StatementLog : DbCommandInterceptor
{
    private readonly ConcurrentDictionary<string, bool> _texts = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Texts => [.. _texts.Keys.Order(StringComparer.Ordinal)];

    public void Forget() => _texts.Clear();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        _texts.TryAdd(command.CommandText, true);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        _texts.TryAdd(command.CommandText, true);
        return new(result);
    }
}
