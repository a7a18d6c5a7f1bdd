using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Libvirt;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class LibvirtDriverTests : IDisposable
{
    private const string Host = "host-a";
    private static readonly Guid Moving = Guid.Parse("00000000-0000-4000-8000-000000000001");
    private static readonly MigrationMark Mark = new(Guid.Parse("00000000-0000-4000-8000-0000000000aa"), 3, "host-a", "host-b");

    private readonly TemporaryFolder _folder = new();

    public LibvirtDriverTests() => Libvirt.OrSkip();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lists_the_guests_of_a_host()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one", "<title>First</title>"));

        var guest = Assert.Single(await driver.ListGuestsAsync(Host, Ct));

        Assert.Equal(new GuestObservation(Moving, "one", GuestState.Running, Persistent: true, null, 8192, 2, "First"), guest);
        Assert.Equal(guest, await driver.FindGuestAsync(Host, Moving, Ct));
        Assert.Null(await driver.FindGuestAsync(Host, Guid.Empty, Ct));
    }

    [Fact]
    public async Task A_guest_that_is_needed_and_missing_is_named()
    {
        await using var driver = await ConnectedAsync("");

        var error = await Assert.ThrowsAsync<GuestNotFound>(() => driver.GetJobAsync(Host, Moving, Ct));

        Assert.Contains(Moving.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_configured_is_named()
    {
        await using var driver = await ConnectedAsync("");

        Assert.Throws<ComputeHostNotFound>(() => driver.GetLink("host-z"));
        await Assert.ThrowsAsync<ComputeHostNotFound>(() => driver.ListGuestsAsync("host-z", Ct));
    }

    [Fact]
    public async Task A_mark_is_set_seen_and_cleared_only_by_its_own_migration()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one"));

        await driver.SetMarkAsync(Host, Moving, Mark, Ct);
        await driver.SetMarkAsync(Host, Moving, Mark with { Epoch = 4 }, Ct);
        Assert.Equal(Mark with { Epoch = 4 }, (await driver.FindGuestAsync(Host, Moving, Ct))!.Mark);

        await driver.ClearMarkAsync(Host, Moving, Guid.Empty, Ct);
        Assert.NotNull((await driver.FindGuestAsync(Host, Moving, Ct))!.Mark);

        await driver.ClearMarkAsync(Host, Moving, Mark.Migration, Ct);
        await driver.ClearMarkAsync(Host, Moving, Mark.Migration, Ct);
        Assert.Null((await driver.FindGuestAsync(Host, Moving, Ct))!.Mark);
    }

    [Fact]
    public async Task What_happens_to_a_guest_is_told_to_everybody_who_watches()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one"));
        await using var first = driver.WatchAsync(Ct).GetAsyncEnumerator(Ct);
        await using var second = driver.WatchAsync(Ct).GetAsyncEnumerator(Ct);
        var toFirst = first.MoveNextAsync();
        var toSecond = second.MoveNextAsync();

        await driver.SuspendAsync(Host, Moving, Ct);

        Assert.True(await toFirst.AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct));
        Assert.True(await toSecond.AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct));
        Assert.Equal(new GuestChanged(Host, Moving), first.Current);
        Assert.Equal(first.Current, second.Current);
    }

    [Fact]
    public async Task Suspending_and_resuming_twice_is_no_error()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one"));

        await driver.SuspendAsync(Host, Moving, Ct);
        await driver.SuspendAsync(Host, Moving, Ct);
        Assert.Equal(GuestState.Paused, (await driver.FindGuestAsync(Host, Moving, Ct))!.State);

        await driver.ResumeAsync(Host, Moving, Ct);
        await driver.ResumeAsync(Host, Moving, Ct);
        Assert.Equal(GuestState.Running, (await driver.FindGuestAsync(Host, Moving, Ct))!.State);
    }

    [Fact]
    public async Task A_refusal_carries_the_hypervisors_own_words()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one"));

        var error = await Assert.ThrowsAsync<HypervisorRefused>(() => driver.StartPostCopyAsync(Host, Moving, Ct));

        Assert.StartsWith("host-a: ", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task A_running_guest_is_never_removed_as_a_leftover()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one"));
        await driver.SetMarkAsync(Host, Moving, Mark, Ct);

        await Assert.ThrowsAsync<HypervisorRefused>(() => driver.RemoveLeftoverAsync(Host, Moving, Mark, Ct));

        Assert.NotNull(await driver.FindGuestAsync(Host, Moving, Ct));
    }

    [Fact]
    public async Task A_marked_leftover_is_removed_and_an_unmarked_one_left()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one", runState: "5"));

        await Assert.ThrowsAsync<HypervisorRefused>(() => driver.RemoveLeftoverAsync(Host, Moving, Mark, Ct));
        await driver.SetMarkAsync(Host, Moving, Mark, Ct);
        Assert.True(await driver.RemoveLeftoverAsync(Host, Moving, Mark, Ct));
        Assert.True(await driver.RemoveLeftoverAsync(Host, Moving, Mark, Ct));
        Assert.Null(await driver.FindGuestAsync(Host, Moving, Ct));
    }

    [Fact]
    public async Task Host_facts_are_read()
    {
        await using var driver = await ConnectedAsync("");

        var facts = await driver.GetHostFactsAsync(Host, Ct);

        Assert.Equal("TEST", facts.HypervisorType, ignoreCase: true);
        Assert.True(facts.MemoryMiB > 0);
        Assert.True(facts.Vcpus > 0);
    }

    [Fact]
    public async Task A_guest_without_a_cpu_of_its_own_fits_everywhere()
    {
        await using var driver = await ConnectedAsync(Libvirt.Domain(Moving, "one"));

        var guest = await driver.DescribeGuestAsync(Host, Moving, Ct);

        Assert.True((await driver.CompareCpuAsync(Host, guest, Ct)).Compatible);
    }

    private async Task<LibvirtDriver> ConnectedAsync(string guests)
    {
        // Every connection to such a test driver is a world of its own, so there may be only one.
        var options = new LibvirtOptions { CallsAtOnce = 1, Hosts = [new() { Name = Host, Uri = Libvirt.UriOfOwn(_folder, guests) }] };
        var driver = new LibvirtDriver(options, TimeProvider.System, new Random(1), NullLogger<LibvirtDriver>.Instance);
        await Libvirt.EventuallyAsync(() => driver.GetLink(Host).Open, () => driver.GetLink(Host).ToString());
        return driver;
    }
}
