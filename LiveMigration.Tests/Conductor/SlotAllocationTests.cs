using LiveMigration.Core.Conductor;
using LiveMigration.Core.Settings;
using Xunit;
using Move = LiveMigration.Core.Conductor.SlotAllocation.Move;

namespace LiveMigration.Tests.Conductor;

public sealed class SlotAllocationTests
{
    private static readonly LiveMigrationSettings Limits = new()
    {
        MaxConcurrentPerSource = 1,
        MaxConcurrentPerDestination = 2,
        MaxConcurrent = 3,
    };

    [Fact]
    public void The_first_of_an_idle_cloud_begins_at_once() =>
        Assert.Null(Place(1, queue: [new(1, "a", "b")]).Wait);

    [Fact]
    public void A_busy_source_makes_wait_and_is_named()
    {
        var place = Place(2, underWay: [new(1, "a", "b")], queue: [new(2, "a", "c")]);

        Assert.Equal("queued, 1 of 1: 1 of 1 moves out of a under way or before it", place.Wait);
    }

    [Fact]
    public void A_busy_destination_makes_wait_and_is_named()
    {
        var place = Place(3, underWay: [new(1, "a", "d"), new(2, "b", "d")], queue: [new(3, "c", "d")]);

        Assert.Equal("queued, 1 of 1: 2 of 2 moves into d under way or before it", place.Wait);
    }

    [Fact]
    public void The_whole_cloud_has_a_limit_too()
    {
        var place = Place(4, underWay: [new(1, "a", "e"), new(2, "b", "f"), new(3, "c", "g")], queue: [new(4, "d", "h")]);

        Assert.Equal("queued, 1 of 1: 3 of 3 moves in all under way or before it", place.Wait);
    }

    [Fact]
    public void One_that_waits_for_its_own_source_holds_nobody_else_up()
    {
        Move[] queue = [new(2, "a", "b"), new(3, "c", "b")];

        Assert.Null(Place(3, underWay: [new(1, "a", "b")], queue).Wait);
    }

    [Fact]
    public void One_ahead_that_can_begin_comes_first()
    {
        Move[] queue = [new(3, "b", "e"), new(4, "c", "e")];

        var place = Place(4, underWay: [new(1, "a", "e")], queue);

        Assert.Equal((2, 2), (place.Position, place.Length));
        Assert.NotNull(place.Wait);
        Assert.Null(Place(3, underWay: [new(1, "a", "e")], queue).Wait);
    }

    [Fact]
    public void Of_any_queue_somebody_begins_when_nothing_is_under_way()
    {
        var random = new Random(20261122);
        string[] hosts = ["a", "b", "c", "d"];
        for (var history = 0; history < 200; history++)
        {
            Move[] queue = [.. Enumerable.Range(1, random.Next(1, 9)).Select(id => new Move(id, Pick(), Pick()))];
            var begin = queue.Where(move => Place(move.Id, queue: queue).Wait is null).ToList();

            Assert.NotEmpty(begin);
            Assert.All(begin.GroupBy(move => move.Source), group => Assert.True(group.Count() <= Limits.MaxConcurrentPerSource));
            Assert.All(begin.GroupBy(move => move.Destination), group => Assert.True(group.Count() <= Limits.MaxConcurrentPerDestination));
            Assert.True(begin.Count <= Limits.MaxConcurrent);
        }

        string Pick() => hosts[random.Next(hosts.Length)];
    }

    private static SlotAllocation.Place Place(int id, Move[]? underWay = null, Move[]? queue = null) =>
        SlotAllocation.Of(underWay ?? [], queue ?? [], id, Limits)!;
}
