using LiveMigration.Core.Model;
using LiveMigration.Core.Notifications;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>The outbox keeps nobody waiting, and throws at nobody.</summary>
public sealed class NotificationOutboxTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Mock<IDbContextFactory<ControlPlaneDbContext>> _store = new();

    [Fact]
    public async Task A_write_that_hangs_is_waited_for_no_longer_than_said_and_the_next_not_at_all()
    {
        var outbox = Outbox();
        var hangs = new TaskCompletionSource<IReadOnlyList<OutgoingNotification>>();
        var first = outbox.PutAsync(() => hangs.Task, CancellationToken.None);
        Assert.False(first.IsCompleted);

        _time.Advance(NotificationOutbox.Patience);
        await first;
        var second = outbox.PutAsync(() => hangs.Task, CancellationToken.None);

        Assert.True(second.IsCompletedSuccessfully);
        hangs.SetResult([]);
    }

    [Fact]
    public async Task After_it_has_caught_up_a_write_is_waited_for_again()
    {
        var outbox = Outbox();
        var hangs = new TaskCompletionSource<IReadOnlyList<OutgoingNotification>>();
        var first = outbox.PutAsync(() => hangs.Task, CancellationToken.None);
        _time.Advance(NotificationOutbox.Patience);
        await first;
        var next = outbox.NextWrite;
        hangs.SetResult([]);
        await next;

        var again = new TaskCompletionSource<IReadOnlyList<OutgoingNotification>>();
        var second = outbox.PutAsync(() => again.Task, CancellationToken.None);

        Assert.False(second.IsCompleted);
        again.SetResult([]);
        await second;
    }

    [Fact]
    public async Task A_failure_is_no_failure_of_who_tells_and_the_next_is_written_all_the_same()
    {
        var outbox = Outbox();
        var reached = false;

        await outbox.PutAsync(() => throw new InvalidOperationException("no payload"), CancellationToken.None);
        await outbox.PutAsync(
            () =>
            {
                reached = true;
                return Task.FromResult<IReadOnlyList<OutgoingNotification>>([]);
            },
            CancellationToken.None);

        Assert.True(reached);
    }

    [Fact]
    public async Task Those_that_wait_are_bounded()
    {
        var outbox = Outbox();
        var hangs = new TaskCompletionSource<IReadOnlyList<OutgoingNotification>>();
        var asked = 0;
        var all = Enumerable.Range(0, 1500).Select(_ => outbox.Reserve(() =>
        {
            Interlocked.Increment(ref asked);
            return hangs.Task;
        })).ToList();

        hangs.SetResult([]);
        await Task.WhenAll(all);

        Assert.Equal(1000, asked);
    }

    private NotificationOutbox Outbox() => new(_store.Object, _time, NullLogger<NotificationOutbox>.Instance);
}
