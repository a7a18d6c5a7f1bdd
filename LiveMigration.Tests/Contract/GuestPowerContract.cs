using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>What every <see cref="IGuestPower"/> does, simulated or real. Derive, supply a cluster, and all of it runs.</summary>
public abstract class GuestPowerContract : IAsyncLifetime
{
    private IPowerCluster? _cluster;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IPowerCluster Cluster => _cluster!;

    private IGuestPower Power => Cluster.Power;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _cluster = await StartClusterAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A cluster for one test; it removes what the test leaves behind.</summary>
    protected abstract ValueTask<IPowerCluster> StartClusterAsync();

    [Fact]
    public async Task A_guest_is_switched_off_and_on_and_twice_is_no_error()
    {
        var guest = await Cluster.StartGuestAsync();

        await Power.PowerOffAsync(Cluster.Host, guest, Ct);
        await Power.PowerOffAsync(Cluster.Host, guest, Ct);
        Assert.Equal(GuestState.Off, await StateAsync(guest));

        await Power.StartAsync(Cluster.Host, guest, fresh: false, Ct);
        await Power.StartAsync(Cluster.Host, guest, fresh: false, Ct);
        Assert.Equal(GuestState.Running, await StateAsync(guest));
    }

    [Fact]
    public async Task A_saved_guest_is_suspended_until_it_is_started()
    {
        var guest = await Cluster.StartGuestAsync();

        await Power.SaveAsync(Cluster.Host, guest, Ct);
        await Power.SaveAsync(Cluster.Host, guest, Ct);
        Assert.Equal(GuestState.Suspended, await StateAsync(guest));

        await Power.StartAsync(Cluster.Host, guest, fresh: false, Ct);
        Assert.Equal(GuestState.Running, await StateAsync(guest));
    }

    [Fact]
    public async Task What_was_saved_can_be_thrown_away()
    {
        var guest = await Cluster.StartGuestAsync();
        await Power.SaveAsync(Cluster.Host, guest, Ct);

        await Power.StartAsync(Cluster.Host, guest, fresh: true, Ct);
        Assert.Equal(GuestState.Running, await StateAsync(guest));

        await Power.PowerOffAsync(Cluster.Host, guest, Ct);
        Assert.Equal(GuestState.Off, await StateAsync(guest));
    }

    [Fact]
    public async Task A_running_guest_can_be_asked_and_reset()
    {
        var guest = await Cluster.StartGuestAsync();

        await Power.ResetAsync(Cluster.Host, guest, Ct);
        Assert.Equal(GuestState.Running, await StateAsync(guest));

        // Whether it listens is the guest's affair; that it was asked is no error, nor that it is off already.
        await Power.ShutDownAsync(Cluster.Host, guest, Ct);
        await Power.PowerOffAsync(Cluster.Host, guest, Ct);
        await Power.ShutDownAsync(Cluster.Host, guest, Ct);
        Assert.Equal(GuestState.Off, await StateAsync(guest));
    }

    [Fact]
    public async Task A_guest_that_is_off_can_not_be_reset()
    {
        var guest = await Cluster.StartGuestAsync();
        await Power.PowerOffAsync(Cluster.Host, guest, Ct);

        await Assert.ThrowsAsync<HypervisorRefused>(() => Power.ResetAsync(Cluster.Host, guest, Ct));
        await Assert.ThrowsAsync<HypervisorRefused>(() => Power.SaveAsync(Cluster.Host, guest, Ct));
    }

    [Fact]
    public async Task A_guest_that_nobody_knows_is_told()
    {
        var nobody = Guid.Parse("00000000-1111-4222-8333-444444444444");

        await Assert.ThrowsAsync<GuestNotFound>(() => Power.StartAsync(Cluster.Host, nobody, fresh: false, Ct));
        await Assert.ThrowsAsync<GuestNotFound>(() => Power.PowerOffAsync(Cluster.Host, nobody, Ct));
        await Assert.ThrowsAsync<ComputeHostNotFound>(() => Power.PowerOffAsync("no-such-host", nobody, Ct));
    }

    [Fact]
    public async Task A_running_guest_is_counted()
    {
        var guest = await Cluster.StartGuestAsync();

        var counters = await Cluster.Diagnostics.ReadAsync(Cluster.Host, guest, Ct);

        Assert.Equal(GuestState.Running, counters.State);
        Assert.Single(counters.ProcessorTimes);
        Assert.Equal("vda", Assert.Single(counters.Disks).Name);
        Assert.All(counters.Interfaces, nic => Assert.Equal(17, nic.Mac.Length));
        Assert.InRange(counters.MemoryKiB, 100 << 10, 1 << 20);

        await Power.PowerOffAsync(Cluster.Host, guest, Ct);
        await Assert.ThrowsAsync<HypervisorRefused>(() => Cluster.Diagnostics.ReadAsync(Cluster.Host, guest, Ct));
    }

    [Fact]
    public async Task A_host_says_how_long_it_runs()
    {
        var facts = await Cluster.Driver.GetHostFactsAsync(Cluster.Host, Ct);

        Assert.True(facts.Uptime >= TimeSpan.Zero);
    }

    private async Task<GuestState?> StateAsync(Guid guest) => (await Cluster.Driver.FindGuestAsync(Cluster.Host, guest, Ct))?.State;
}

/// <summary>A host and the means to put a guest on it.</summary>
public interface IPowerCluster : IAsyncDisposable
{
    /// <summary>The port under test.</summary>
    IGuestPower Power { get; }

    /// <summary>The counters, under test with it.</summary>
    IGuestDiagnostics Diagnostics { get; }

    /// <summary>Tells what became of the guest.</summary>
    IComputeDriver Driver { get; }

    /// <summary>The host that guests are started on.</summary>
    string Host { get; }

    /// <summary>Starts a guest of one processor with a disk <c>vda</c>, which is also defined.</summary>
    Task<Guid> StartGuestAsync();
}
