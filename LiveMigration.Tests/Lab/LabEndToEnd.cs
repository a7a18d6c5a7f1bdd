using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>What the end-to-end tests share: the real program as a process, over HTTP, with real hosts and guests.</summary>
[Collection(LabTests.Name)]
public abstract class LabEndToEnd(LabFixture fixture) : IAsyncLifetime
{
    /// <summary>With it a copy lasts some ten seconds: time enough to do something meanwhile.</summary>
    protected const string Slowly = "--LiveMigration:BandwidthMiBps=8";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static int _controllers;
    private readonly List<LabController> _started = [];
    private readonly List<LabGuest> _guests = [];

    /// <summary>The test's token.</summary>
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The two hypervisors.</summary>
    protected LabCluster Lab => fixture.Cluster;

    /// <summary>The product's driver, connected to both.</summary>
    protected LiveMigration.Hypervisor.Libvirt.LibvirtDriver Driver => fixture.Driver;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await fixture.ReadyAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var controller in _started)
        {
            await controller.DisposeAsync();
        }

        if (_guests.Count > 0) await Lab.MendAsync(CancellationToken.None);
        foreach (var guest in _guests)
        {
            await guest.StopAsync(CancellationToken.None);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A new name for a controller's state.</summary>
    protected static string NewName() => $"controller-{Interlocked.Increment(ref _controllers)}";

    /// <summary>Starts the program; with the name of an earlier one, it goes on with that one's records.</summary>
    protected Task<LabController> StartControllerAsync(string name, params string[] settings) => StartControllerAsync(name, null, settings);

    /// <summary>The same with variables set besides our own.</summary>
    protected async Task<LabController> StartControllerAsync(
        string name, IReadOnlyDictionary<string, string?>? environment, params string[] settings)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "livemigration.dll");
        var controller = await LabController.StartAsync(Lab, program, name, Ct, settings: settings, environment: environment);
        _started.Add(controller);
        return controller;
    }

    /// <summary>Starts a guest on <c>host-a</c> that writes little, or is as the options say.</summary>
    protected async Task<LabGuest> StartGuestAsync(LabGuestOptions? options = null)
    {
        var guest = await fixture.StartGuestAsync(options ?? new LabGuestOptions { DirtyMBPerSecond = 1 });
        _guests.Add(guest);
        return guest;
    }

    /// <summary>Waits until the API shows the guest at rest on the host.</summary>
    protected static Task RestsOnAsync(LabController controller, LabGuest guest, LabHost host) => Eventually.HoldsAsync(
        async () => (await controller.Nova.FindServerAsync(guest.Uuid, Ct))?.RestsOn(host.Name) == true,
        $"{guest.Name} is shown at rest on {host.Name}");

    /// <summary>Moves it and waits for the end.</summary>
    protected static async Task<MigrationView> MoveAsync(LabController controller, LabGuest guest, LabHost to) =>
        await EndAsync(controller, await controller.Nova.MoveAsync(guest.Uuid, to.Name, Ct));

    /// <summary>Waits for the end of a migration.</summary>
    protected static async Task<MigrationView> EndAsync(LabController controller, MigrationView migration)
    {
        var last = migration;
        await Eventually.HoldsAsync(
            async () => (last = await controller.Nova.ShowMigrationAsync(migration.Id, Ct)).HasEnded, "the migration ends");
        return last;
    }

    /// <summary>Waits until memory is being copied.</summary>
    protected static async Task CopiesAsync(LabController controller, MigrationView migration)
    {
        var last = migration;
        while (last is not { Status: "running", MemoryProcessedBytes: > 0 })
        {
            Assert.False(last.HasEnded, $"it ended before it copied: {last.Status}, {last.Reason}");
            await Task.Delay(Interval, TimeProvider.System, Ct);
            last = await controller.Nova.ShowMigrationAsync(migration.Id, Ct);
        }
    }

    /// <summary>The guest runs there, nowhere else, has missed no tick, and nothing of a move is left.</summary>
    protected async Task LivesOnlyOnAsync(LabGuest guest, LabHost host)
    {
        await guest.WaitForTicksAsync(2, TimeProvider.System, Ct);
        Assert.Equal([new GuestPlace(host, "running")], await guest.WhereAsync(Ct));
        var audit = await guest.AuditAsync(Ct);
        Assert.True(audit.IsFlawless, audit.ToString());
        var guests = new Dictionary<string, LabHost> { [guest.Name] = host };
        Assert.Empty(await LabLeftovers.OfMovesAsync(Lab, guests, Ct));
    }
}
