using LiveMigration.Core.Drivers;

namespace LiveMigration.Core.Compute;

/// <summary>Notices that nothing goes through any more. What has not begun to flow is not judged: a destination may take its time.</summary>
/// <param name="time">The clock.</param>
/// <param name="patience">How long nothing may move; zero = for ever.</param>
internal sealed class StallWatch(TimeProvider time, TimeSpan patience)
{
    private readonly long _watchedSince = time.GetTimestamp();
    private bool _begun;
    private long _moved;
    private long _since;

    /// <summary>Whether the copy stands still for as long as is allowed.</summary>
    /// <param name="job">The latest figures.</param>
    public bool HasStalled(JobStatistics job)
    {
        var moved = job.MemoryProcessed + job.DiskProcessed;
        if (moved == 0 || moved != _moved)
        {
            (_moved, _since) = (moved, time.GetTimestamp());
            return false;
        }

        return patience > TimeSpan.Zero && time.GetElapsedTime(_since) >= patience;
    }

    /// <summary>Whether nothing at all has gone through for as long as is allowed.</summary>
    /// <param name="job">The latest figures.</param>
    public bool IsLate(JobStatistics job)
    {
        _begun |= job.MemoryProcessed + job.DiskProcessed > 0;
        return !_begun && patience > TimeSpan.Zero && time.GetElapsedTime(_watchedSince) >= patience;
    }
}
