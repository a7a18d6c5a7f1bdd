using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Native;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class LeftoverRemovalTests
{
    private static readonly MigrationMark Mark = new(Guid.Parse("00000000-0000-4000-8000-0000000000aa"), 3, "host-a", "host-b");

    [Theory]
    [InlineData(GuestState.Incoming)]
    [InlineData(GuestState.Off)]
    [InlineData(GuestState.Crashed)]
    [InlineData(GuestState.PausedMigrated)]
    public void A_marked_leftover_may_go(GuestState state) => Assert.Null(LeftoverRemoval.Objection(Guest(state, Mark), Mark));

    [Theory]
    [InlineData(GuestState.Running)]
    [InlineData(GuestState.Paused)]
    [InlineData(GuestState.PausedPostCopy)]
    [InlineData(GuestState.PostCopyFailed)]
    [InlineData(GuestState.RunningPostCopy)]
    [InlineData(GuestState.Suspended)]
    [InlineData(GuestState.ShuttingDown)]
    public void A_guest_that_holds_memory_of_its_own_stays(GuestState state) =>
        Assert.NotNull(LeftoverRemoval.Objection(Guest(state, Mark), Mark));

    [Fact]
    public void A_guest_without_this_migrations_mark_stays()
    {
        Assert.NotNull(LeftoverRemoval.Objection(Guest(GuestState.Off, mark: null), Mark));
        Assert.NotNull(LeftoverRemoval.Objection(Guest(GuestState.Off, Mark with { Migration = Guid.Empty }), Mark));
    }

    [Fact]
    public void A_mark_of_an_earlier_epoch_will_do_and_of_a_later_one_not()
    {
        Assert.Null(LeftoverRemoval.Objection(Guest(GuestState.Off, Mark with { Epoch = 2 }), Mark));
        Assert.NotNull(LeftoverRemoval.Objection(Guest(GuestState.Off, Mark with { Epoch = 4 }), Mark));
    }

    [Fact]
    public void A_guest_that_has_gone_since_it_was_met_is_no_leftover()
    {
        Libvirt.OrSkip();
        var guest = Guest(GuestState.Off, Mark).Uuid;
        using var folder = new TemporaryFolder();
        using var connection = LibvirtConnection.Open(Libvirt.UriOfOwn(folder, Libvirt.Domain(guest, "one")));
        GuestRemoval.Remove(connection, "host-a", guest);

        BrokenGuest.End(connection, "host-a", guest, Mark);
        Assert.True(LeftoverRemoval.Remove(connection, "host-a", guest, Mark));
        Assert.Null(GuestReader.Find(connection, "host-a", guest));
    }

    private static GuestObservation Guest(GuestState state, MigrationMark? mark) =>
        new(Guid.Parse("00000000-0000-4000-8000-000000000001"), "one", state, Persistent: true, mark, 256, 1, null);
}
