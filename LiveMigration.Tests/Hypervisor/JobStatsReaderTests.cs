using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Native;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class JobStatsReaderTests
{
    private static readonly Dictionary<string, long> Values = new(StringComparer.Ordinal)
    {
        ["time_elapsed"] = 1500, ["downtime"] = 71, ["memory_total"] = 268967936, ["memory_processed"] = 5, ["memory_remaining"] = 6,
        ["disk_total"] = 7, ["disk_processed"] = 8, ["disk_remaining"] = 9, ["memory_iteration"] = 3, ["memory_bps"] = 10,
        ["memory_dirty_rate"] = 2, ["memory_page_size"] = 4096,
    };

    [Fact]
    public void A_completed_job_has_a_downtime()
    {
        var job = JobStatsReader.Of(JobType.Completed, Values);

        Assert.Equal(JobState.Completed, job.State);
        Assert.Equal(TimeSpan.FromMilliseconds(71), job.Downtime);
        Assert.Equal(TimeSpan.FromSeconds(1.5), job.Elapsed);
        Assert.Equal((268967936L, 5L, 6L), (job.MemoryTotal, job.MemoryProcessed, job.MemoryRemaining));
        Assert.Equal((7L, 8L, 9L), (job.DiskTotal, job.DiskProcessed, job.DiskRemaining));
        Assert.Equal((3L, 10L, 8192L), (job.Iteration, job.MemoryBytesPerSecond, job.DirtyBytesPerSecond));
    }

    [Fact]
    public void An_active_job_only_expects_one() => Assert.Null(JobStatsReader.Of(JobType.Unbounded, Values).Downtime);

    [Theory]
    [InlineData(0, JobState.None)]
    [InlineData(1, JobState.Active)]
    [InlineData(2, JobState.Active)]
    [InlineData(3, JobState.Completed)]
    [InlineData(4, JobState.Failed)]
    [InlineData(5, JobState.Cancelled)]
    public void Types_mean(int type, JobState expected) => Assert.Equal(expected, JobStatsReader.Of((JobType)type, Values).State);
}
