using System.Collections.Concurrent;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Carries blocks from the thread that reads a file to the one that writes it, a few at a time. Whichever side ends
/// first, however it ends, lets the other end, too.
/// </summary>
internal sealed class BlockPipe
{
    private const int MostWaiting = 8;
    private readonly BlockingCollection<byte[]> _blocks = new(MostWaiting);
    private readonly CancellationTokenSource _abandoned = new();

    /// <exception cref="AbandonedException">Nobody reads any more.</exception>
    internal void Write(ReadOnlySpan<byte> block)
    {
        try
        {
            _blocks.Add(block.ToArray(), _abandoned.Token);
        }
        catch (OperationCanceledException)
        {
            throw new AbandonedException();
        }
    }

    /// <summary>All has been written.</summary>
    internal void Complete() => _blocks.CompleteAdding();

    /// <summary>The next block; null when all have been read.</summary>
    /// <exception cref="AbandonedException">Nobody writes any more.</exception>
    internal byte[]? Read()
    {
        try
        {
            return _blocks.TryTake(out var block, Timeout.Infinite, _abandoned.Token) ? block : null;
        }
        catch (OperationCanceledException)
        {
            throw new AbandonedException();
        }
    }

    /// <summary>The other side need not go on. May be called at any time.</summary>
    internal void Abandon() => _abandoned.Cancel();

    /// <summary>The other side has ended before its time; it knows why.</summary>
    internal sealed class AbandonedException() : IOException("the other side has ended");
}
