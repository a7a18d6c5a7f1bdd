using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using Xunit;

namespace LiveMigration.Tests.Compute;

/// <summary>Every pair of answers, checked against what may be concluded from it.</summary>
public sealed class GuestWhereaboutsTests
{
    public static TheoryData<Sighting, Sighting, JobState> All()
    {
        TheoryData<Sighting, Sighting, JobState> all = [];
        foreach (var source in Enum.GetValues<Sighting>())
        {
            foreach (var destination in Enum.GetValues<Sighting>())
            {
                foreach (var job in Enum.GetValues<JobState>())
                {
                    all.Add(source, destination, job);
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_destructive_follows_from_silence_or_doubt(Sighting source, Sighting destination, JobState job)
    {
        var concluded = GuestWhereabouts.Conclude(source, destination, job);

        if (concluded is PivotObservation.Failed or PivotObservation.NotStarted)
        {
            Assert.True(source is not Sighting.NoAnswer, "a rollback needs the source's word");
            Assert.True(
                destination is Sighting.Absent || (source is Sighting.Alive && destination is Sighting.Ended),
                "a rollback needs a destination that has nothing, or nothing that lives while the source's does");
        }

        if (concluded is PivotObservation.Succeeded)
        {
            Assert.True(destination is Sighting.Alive or Sighting.Ended, "a success needs a guest that has arrived");
            Assert.NotEqual(Sighting.Alive, source);
        }
    }

    [Theory]
    [InlineData(Sighting.Alive, Sighting.Alive)]
    [InlineData(Sighting.NoAnswer, Sighting.Absent)]
    [InlineData(Sighting.Absent, Sighting.NoAnswer)]
    [InlineData(Sighting.HandedOver, Sighting.NoAnswer)]
    [InlineData(Sighting.HandedOver, Sighting.Absent)]
    [InlineData(Sighting.Broken, Sighting.NoAnswer)]
    [InlineData(Sighting.NoAnswer, Sighting.Broken)]
    public void In_doubt_it_waits(Sighting source, Sighting destination) =>
        Assert.Equal(PivotObservation.Unknown, GuestWhereabouts.Conclude(source, destination, JobState.None));

    [Theory]
    [InlineData(Sighting.Broken, Sighting.Broken, JobState.Active)]
    [InlineData(Sighting.Broken, Sighting.Broken, JobState.None)]
    [InlineData(Sighting.Broken, Sighting.PostCopy, JobState.Active)]
    [InlineData(Sighting.HandedOver, Sighting.Broken, JobState.Active)]
    public void A_post_copy_that_broke_is_under_way_still(Sighting source, Sighting destination, JobState job) =>
        Assert.Equal(PivotObservation.InProgress, GuestWhereabouts.Conclude(source, destination, job));

    [Fact]
    public void A_guest_dead_at_both_ends_is_a_failure_not_a_success() =>
        Assert.Equal(PivotObservation.Failed, GuestWhereabouts.Conclude(Sighting.Absent, Sighting.Absent, JobState.None));

    [Theory]
    [InlineData(Sighting.Absent)]
    [InlineData(Sighting.HandedOver)]
    [InlineData(Sighting.NoAnswer)]
    public void A_guest_that_arrived_and_was_shut_down_before_anybody_looked_has_moved(Sighting source) =>
        Assert.Equal(PivotObservation.Succeeded, GuestWhereabouts.Conclude(source, Sighting.Ended, JobState.None));

    [Theory]
    [InlineData(GuestState.Off, true, 1, Sighting.Ended)]
    [InlineData(GuestState.Crashed, true, 1, Sighting.Ended)]
    [InlineData(GuestState.Off, true, 2, Sighting.Absent)]
    [InlineData(GuestState.Off, false, 1, Sighting.Absent)]
    [InlineData(GuestState.Running, true, 1, Sighting.Alive)]
    [InlineData(GuestState.Incoming, true, 1, Sighting.Incoming)]
    public void Only_a_kept_definition_with_the_mark_shows_that_it_arrived(GuestState state, bool kept, int marked, Sighting sighting)
    {
        var mark = new MigrationMark(new Guid(marked, 0, 0, new byte[8]), 1, "a", "b");
        var guest = new GuestObservation(Guid.Empty, "g", state, kept, mark, 1, 1, null);

        Assert.Equal(sighting, guest.AtDestination(new Guid(1, 0, 0, new byte[8])));
    }

    [Theory]
    [InlineData(Sighting.Absent, Sighting.Broken)]
    [InlineData(Sighting.Broken, Sighting.Absent)]
    [InlineData(Sighting.Broken, Sighting.Ended)]
    public void A_post_copy_that_has_lost_a_half_is_seen_to_its_end_and_never_taken_back(Sighting source, Sighting destination)
    {
        Assert.True(GuestWhereabouts.IsLost(source, destination));
        Assert.Equal(PivotObservation.InProgress, GuestWhereabouts.Conclude(source, destination, JobState.None));
    }

    [Theory]
    [InlineData(Sighting.NoAnswer, Sighting.Broken)]
    [InlineData(Sighting.Broken, Sighting.NoAnswer)]
    [InlineData(Sighting.Broken, Sighting.Broken)]
    [InlineData(Sighting.Broken, Sighting.PostCopy)]
    [InlineData(Sighting.HandedOver, Sighting.Absent)]
    public void No_guest_is_given_up_on_a_hosts_silence_or_while_both_halves_are_there(Sighting source, Sighting destination) =>
        Assert.False(GuestWhereabouts.IsLost(source, destination));
}
