using System.Threading.Channels;

namespace LiveMigration.Core.Conductor;

/// <summary>Guests whose move has just ended, for whoever wants to look at what is left. Telling never waits; a sweep finds what is lost here.</summary>
public sealed class EndedMoves
{
    private const int Most = 10_000;

    private readonly Channel<Guid> _ended = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>A move of this guest has ended, and is written down.</summary>
    public void Tell(Guid guest) => _ended.Writer.TryWrite(guest);

    /// <summary>All of them, as they end.</summary>
    public IAsyncEnumerable<Guid> ReadAsync(CancellationToken ct) => _ended.Reader.ReadAllAsync(ct);
}
