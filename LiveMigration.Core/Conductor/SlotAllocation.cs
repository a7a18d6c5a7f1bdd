using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Who of those that wait may begin to move now. Pure: the queue is walked from its head, and each that fits beside those
/// under way and those let in before it is let in. One that waits for a busy host holds nobody else up.
/// </summary>
public static class SlotAllocation
{
    /// <summary>A migration that is queued or under way.</summary>
    /// <param name="Id">Its integer id; the queue's order.</param>
    /// <param name="Source">The host that it leaves.</param>
    /// <param name="Destination">The host that it goes to.</param>
    public sealed record Move(int Id, string Source, string Destination);

    /// <summary>Where a queued migration stands.</summary>
    /// <param name="Position">Its place in the queue, from 1.</param>
    /// <param name="Length">How many wait in all.</param>
    /// <param name="Wait">Why it waits; null when it may begin.</param>
    public sealed record Place(int Position, int Length, string? Wait);

    /// <summary>Finds the place of one of the queue.</summary>
    /// <param name="underWay">Those that hold slots.</param>
    /// <param name="queue">Those that wait, in any order.</param>
    /// <param name="id">The one that asks.</param>
    /// <param name="settings">The limits.</param>
    /// <returns>Null when it does not wait.</returns>
    public static Place? Of(IEnumerable<Move> underWay, IEnumerable<Move> queue, int id, LiveMigrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<Move> moving = [.. underWay];
        List<Move> waiting = [.. queue.OrderBy(move => move.Id)];
        for (var index = 0; index < waiting.Count; index++)
        {
            var move = waiting[index];
            var limit = Limit(moving, move, settings);
            if (move.Id == id)
            {
                return new Place(index + 1, waiting.Count, limit is null ? null : $"queued, {index + 1} of {waiting.Count}: {limit}");
            }

            if (limit is null)
            {
                moving.Add(move);
            }
        }

        return null;
    }

    private static string? Limit(List<Move> moving, Move move, LiveMigrationSettings settings)
    {
        var leaving = moving.Count(other => Same(other.Source, move.Source));
        var arriving = moving.Count(other => Same(other.Destination, move.Destination));
        return leaving >= settings.MaxConcurrentPerSource
            ? $"{leaving} of {settings.MaxConcurrentPerSource} moves out of {move.Source} under way or before it"
            : arriving >= settings.MaxConcurrentPerDestination
            ? $"{arriving} of {settings.MaxConcurrentPerDestination} moves into {move.Destination} under way or before it"
            : moving.Count >= settings.MaxConcurrent
            ? $"{moving.Count} of {settings.MaxConcurrent} moves in all under way or before it"
            : null;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
