using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Compute;

/// <summary>In which order both hosts are asked for a guest that moves.</summary>
public sealed class FindRunningDomainTests
{
    private static readonly Guid Guest = new(1, 0, 0, new byte[8]);
    private static readonly Guid Migration = new(2, 0, 0, new byte[8]);

    [Fact]
    public async Task A_guest_that_switches_over_while_the_source_is_slow_to_answer_is_seen_at_the_destination()
    {
        var source = new TaskCompletionSource<GuestObservation?>();
        var driver = new Mock<IComputeDriver>();
        driver.Setup(port => port.FindGuestAsync("a", Guest, It.IsAny<CancellationToken>())).Returns(source.Task);
        driver.Setup(port => port.FindGuestAsync("b", Guest, It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => source.Task.IsCompleted ? Running() : null);

        var answer = new FindRunningDomain.Handler(driver.Object, TimeProvider.System)
            .Handle(new FindRunningDomain.Request(Guest, "a", "b", Migration), TestContext.Current.CancellationToken);
        source.SetResult(null);

        Assert.Equal(PivotObservation.Succeeded, (await answer).Observation);
    }

    private static GuestObservation Running() => new(
        Guest, "guest-1", GuestState.Running, Persistent: true, Mark: new MigrationMark(Migration, 1, "a", "b"), 256, 1, Title: null);
}
