using LiveMigration.Core.Drivers;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>What every <see cref="IHostSeals"/> does, simulated or real. Derive, supply a host, and all of it runs.</summary>
public abstract class HostSealsContract : IAsyncLifetime
{
    private static readonly HostSeal Ours = new(
        Guid.Parse("5f0c1f3e-0c3e-4f6f-9d4d-0f7f0f1c2b3a"), "controller-1", 1, "machine-1:/var/lib/one; two", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));

    private static readonly HostSeal Theirs = Ours with { Controller = Guid.Parse("6a0c1f3e-0c3e-4f6f-9d4d-0f7f0f1c2b3a"), Run = "controller-2", Place = "machine-2:/var" };

    private IHostSeals? _seals;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IHostSeals Seals => _seals!;

    /// <summary>The host that is sealed.</summary>
    protected abstract string Host { get; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _seals = await StartAsync();
        await ClearAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_seals is not null) await ClearAsync();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The port, connected to the host.</summary>
    protected abstract ValueTask<IHostSeals> StartAsync();

    /// <summary>Removes what <see cref="StartAsync"/> has made.</summary>
    protected abstract ValueTask StopAsync();

    [Fact]
    public async Task A_seal_is_placed_read_and_removed()
    {
        Assert.Null(await Seals.FindAsync(Host, Ct));

        Assert.Equal(Ours, await Seals.PlaceAsync(Host, Ours, Ct));
        Assert.Equal(Ours, await Seals.FindAsync(Host, Ct));

        await Seals.RemoveAsync(Host, Ours.Controller, Ct);
        await Seals.RemoveAsync(Host, Ours.Controller, Ct);
        Assert.Null(await Seals.FindAsync(Host, Ct));
    }

    [Fact]
    public async Task The_same_controller_renews_its_seal()
    {
        await Seals.PlaceAsync(Host, Ours, Ct);
        var later = Ours with { Run = "controller-9", Count = 2, WrittenAt = Ours.WrittenAt.AddMinutes(1) };

        Assert.Equal(later, await Seals.PlaceAsync(Host, later, Ct));

        Assert.Equal(later, await Seals.FindAsync(Host, Ct));
    }

    [Fact]
    public async Task Another_controllers_seal_is_neither_replaced_nor_removed()
    {
        await Seals.PlaceAsync(Host, Ours, Ct);

        Assert.Equal(Ours, await Seals.PlaceAsync(Host, Theirs, Ct));
        await Seals.RemoveAsync(Host, Theirs.Controller, Ct);

        Assert.Equal(Ours, await Seals.FindAsync(Host, Ct));
    }

    [Fact]
    public async Task Of_two_that_try_at_once_one_succeeds_and_both_learn_who()
    {
        var placed = await Task.WhenAll(Seals.PlaceAsync(Host, Ours, Ct), Seals.PlaceAsync(Host, Theirs, Ct));

        Assert.Equal(placed[0], placed[1]);
        Assert.Equal(placed[0], await Seals.FindAsync(Host, Ct));
    }

    private async Task ClearAsync()
    {
        while (await Seals.FindAsync(Host, CancellationToken.None) is { } left)
        {
            await Seals.RemoveAsync(Host, left.Controller, CancellationToken.None);
        }
    }
}
