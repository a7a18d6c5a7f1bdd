using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Native;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class GuestStateReaderTests
{
    // Numbers as libvirt 9 gave them in a move between two hosts.
    [Theory]
    [InlineData(1, 1, true, GuestState.Running)]
    [InlineData(1, 10, false, GuestState.RunningPostCopy)]
    [InlineData(1, 11, false, GuestState.PostCopyFailed)]
    [InlineData(2, 0, false, GuestState.Running)]
    [InlineData(0, 0, true, GuestState.Running)]
    [InlineData(99, 0, true, GuestState.Running)]
    [InlineData(3, 1, true, GuestState.Paused)]
    [InlineData(3, 5, true, GuestState.Paused)]
    [InlineData(3, 10, true, GuestState.Paused)]
    [InlineData(3, 2, true, GuestState.Incoming)]
    [InlineData(3, 2, false, GuestState.PausedMigrated)]
    [InlineData(3, 11, true, GuestState.Incoming)]
    [InlineData(3, 11, false, GuestState.Paused)]
    [InlineData(3, 12, false, GuestState.PausedPostCopy)]
    [InlineData(3, 13, false, GuestState.PostCopyFailed)]
    [InlineData(4, 1, false, GuestState.ShuttingDown)]
    [InlineData(5, 1, false, GuestState.Off)]
    [InlineData(5, 3, false, GuestState.Crashed)]
    [InlineData(5, 5, false, GuestState.Suspended)]
    [InlineData(6, 1, false, GuestState.Crashed)]
    [InlineData(7, 0, false, GuestState.Suspended)]
    public void State_and_reason_mean(int state, int reason, bool incoming, GuestState expected) =>
        Assert.Equal(expected, GuestStateReader.Of((DomainState)state, reason, () => incoming));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void Nobody_asks_whether_a_guest_that_is_not_paused_is_incoming(int state) =>
        Assert.NotEqual(
            GuestState.Incoming,
            GuestStateReader.Of((DomainState)state, 2, () => throw new InvalidOperationException("asked")));
}
