using LiveMigration.Core.Compute;
using LiveMigration.Core.Settings;
using Xunit;

namespace LiveMigration.Tests.Compute;

/// <summary>The figures of Nova's own documentation of its formulas.</summary>
public sealed class ConvergencePolicyTests
{
    [Theory]
    [InlineData(2, 0, 20)]
    [InlineData(2, 2, 20)]
    [InlineData(2, 3, 50)]
    [InlineData(2, 149, 50)]
    [InlineData(2, 150, 95)]
    [InlineData(2, 1500, 500)]
    [InlineData(2, 999999, 500)]
    [InlineData(8, 600, 95)]
    [InlineData(64, 48000, 500)]
    public void Downtime_rises_step_by_step(double gib, int seconds, int expected) =>
        Assert.Equal(expected, ConvergencePolicy.DowntimeMs(new LiveMigrationSettings(), gib, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(3, 400, 10, 30, 90, 76)]
    [InlineData(2, 500, 3, 3, 6, 277)]
    [InlineData(2, 500, 3, 3, 18, 500)]
    public void Steps_follow_the_settings(double gib, int downtime, int steps, int delay, int seconds, int expected)
    {
        var settings = new LiveMigrationSettings { DowntimeMs = downtime, DowntimeSteps = steps, DowntimeDelaySecondsPerGiB = delay, FirstDowntimeMs = 0 };

        Assert.Equal(expected, ConvergencePolicy.DowntimeMs(settings, gib, TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData(512, 1600, false)]
    [InlineData(512, 1601, true)]
    [InlineData(8192, 6400, false)]
    [InlineData(8192, 6401, true)]
    public void Gives_up_after_a_time_for_each_GiB(long memoryMiB, int seconds, bool expected) =>
        Assert.Equal(expected, ConvergencePolicy.HasTimedOut(
            new LiveMigrationSettings(), ConvergencePolicy.DataGiB(memoryMiB, []), TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Never_gives_up_when_told_so() => Assert.False(ConvergencePolicy.HasTimedOut(
        new LiveMigrationSettings { CompletionTimeoutSecondsPerGiB = 0 }, 2, TimeSpan.FromDays(100)));

    [Fact]
    public void Each_copied_disk_counts_two_GiB_at_least() =>
        Assert.Equal(8 + 2 + 20, ConvergencePolicy.DataGiB(8192, [1, 20L << 30]));
}
