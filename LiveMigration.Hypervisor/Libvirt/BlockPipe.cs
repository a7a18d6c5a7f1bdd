namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Carries blocks from the thread that reads a file to the one that writes it, a few at a time. Whichever side ends
/// first, however it ends, lets the other end, too.
/// </summary>
internal sealed class BlockPipe
{
    private const int MostWaiting = 8;
    private readonly Queue<byte[]> _blocks = new();
    private readonly object _gate = new();
    private bool _isComplete;
    private bool _isAbandoned;

    /// <exception cref="AbandonedException">Nobody reads any more.</exception>
    internal void Write(ReadOnlySpan<byte> block)
    {
        var copy = block.ToArray();
        lock (_gate)
        {
            while (_blocks.Count >= MostWaiting && !_isAbandoned)
                Monitor.Wait(_gate);
            if (_isAbandoned)
                throw new AbandonedException();
            _blocks.Enqueue(copy);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>All has been written.</summary>
    internal void Complete() => End(ref _isComplete);

    /// <summary>The next block; null when all have been read.</summary>
    /// <exception cref="AbandonedException">Nobody writes any more.</exception>
    internal byte[]? Read()
    {
        lock (_gate)
        {
            while (_blocks.Count == 0 && !_isComplete && !_isAbandoned)
                Monitor.Wait(_gate);
            if (_isAbandoned)
                throw new AbandonedException();
            Monitor.PulseAll(_gate);
            return _blocks.TryDequeue(out var block) ? block : null;
        }
    }

    /// <summary>The other side need not go on. May be called at any time.</summary>
    internal void Abandon() => End(ref _isAbandoned);

    private void End(ref bool how)
    {
        lock (_gate)
        {
            how = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The other side has ended before its time; it knows why.</summary>
    internal sealed class AbandonedException() : IOException("the other side has ended");
}
