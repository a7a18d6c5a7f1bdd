using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>Two hosts, a guest, and the means to tie it down: what <see cref="HostBindingsContract"/> needs.</summary>
public interface IBindingsScene : IAsyncDisposable
{
    /// <summary>The port under test.</summary>
    IHostBindings Bindings { get; }

    /// <summary>The driver beside it.</summary>
    IComputeDriver Driver { get; }

    /// <summary>The host that guests are started on.</summary>
    string Source { get; }

    /// <summary>The other one.</summary>
    string Destination { get; }

    /// <summary>A file that both hosts have under this path.</summary>
    string FileOfBoth { get; }

    /// <summary>A file that only the source has.</summary>
    string FileOfSource { get; }

    /// <summary>A secret that only the destination has.</summary>
    Guid SecretOfDestination { get; }

    /// <summary>Starts a guest on <see cref="Source"/> that boots from <see cref="FileOfBoth"/>.</summary>
    Task<Guid> StartGuestAsync();

    /// <summary>Takes a snapshot of a guest, without its memory.</summary>
    Task TakeSnapshotAsync(Guid guest, string name);

    /// <summary>Deletes it.</summary>
    Task DeleteSnapshotAsync(Guid guest, string name);
}

/// <summary>What every <see cref="IHostBindings"/> does, simulated or real.</summary>
public abstract class HostBindingsContract : IAsyncLifetime
{
    private static readonly Guid Stranger = new(0x5757, 0, 0, new byte[8]);
    private IBindingsScene? _scene;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IBindingsScene Scene => _scene!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _scene = await StartSceneAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_scene is not null) await _scene.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A scene for one test; it removes what the test leaves behind.</summary>
    protected abstract ValueTask<IBindingsScene> StartSceneAsync();

    [Fact]
    public async Task A_guest_tells_what_it_boots_from_and_what_stands_in_its_way()
    {
        var guest = await Scene.StartGuestAsync();
        var free = await Scene.Bindings.ReadAsync(Scene.Source, guest, Ct);
        Assert.Contains(new BoundFile("kernel", Scene.FileOfBoth), free.Elements);
        Assert.Empty(free.Obstacles);
        Assert.Null((await Scene.Bindings.OfferAsync(Scene.Destination, free, Ct)).MachineRefusal);

        await Scene.TakeSnapshotAsync(guest, "nightly");

        var held = await Scene.Bindings.ReadAsync(Scene.Source, guest, Ct);
        Assert.Equal([new MoveObstacle(ObstacleKind.Snapshot, "nightly")], held.Obstacles);
        var quick = new TransferRequest(Scene.Destination, 0, PermitPostCopy: false, AutoConverge: false, [], null);
        await Assert.ThrowsAsync<HypervisorRefused>(() => Scene.Driver.TransferAsync(Scene.Source, guest, quick, Ct));

        await Scene.DeleteSnapshotAsync(guest, "nightly");
        Assert.Empty((await Scene.Bindings.ReadAsync(Scene.Source, guest, Ct)).Obstacles);
    }

    [Fact]
    public async Task A_host_offers_what_it_has_and_nothing_else()
    {
        var known = new BoundSecret("disk vda", Scene.SecretOfDestination, null, null);
        var guest = Bound(
            new BoundFile("kernel", Scene.FileOfBoth),
            new BoundFile("initrd", Scene.FileOfSource),
            new BoundFile("dtb", "/no/such/folder/file"),
            new BoundFolder("serial 0", Path.GetDirectoryName(Scene.FileOfBoth)!),
            new BoundFolder("serial 1", "/no/such/folder"),
            known,
            new BoundSecret("disk vdb", Stranger, null, null),
            new BoundSecret("disk vdc", null, "ceph", "nobody's"),
            new BoundProcessors("vcpupin 0", [0]),
            new BoundHugePages("hugepages", 2048, 64));

        var offer = await Scene.Bindings.OfferAsync(Scene.Destination, guest, Ct);

        Assert.Null(offer.MachineRefusal);
        Assert.Equal([Scene.FileOfBoth], offer.Files);
        Assert.Contains(Path.GetDirectoryName(Scene.FileOfBoth)!, offer.Folders, StringComparer.Ordinal);
        Assert.DoesNotContain("/no/such/folder", offer.Folders, StringComparer.Ordinal);
        Assert.Equal([known.Key], offer.Secrets);
        Assert.Contains(0, offer.Processors);
        Assert.DoesNotContain(60_000, offer.Processors);
        Assert.Contains(0, offer.Cells);
        Assert.True(offer.FreeHugePagesMiB.TryGetValue(2048, out var free) && free >= 0);
        Assert.Contains(Scene.FileOfSource, (await Scene.Bindings.OfferAsync(Scene.Source, guest, Ct)).Files, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_a_host_does_not_know_is_refused_by_its_name()
    {
        var offer = await Scene.Bindings.OfferAsync(Scene.Destination, Bound() with { Machine = "pc-q35-99.9" }, Ct);

        Assert.Contains("pc-q35-99.9", offer.MachineRefusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_guest_and_an_unknown_host_are_not_found()
    {
        await Assert.ThrowsAsync<GuestNotFound>(() => Scene.Bindings.ReadAsync(Scene.Source, Stranger, Ct));
        await Assert.ThrowsAsync<ComputeHostNotFound>(() => Scene.Bindings.ReadAsync("no-such-host", Stranger, Ct));
        await Assert.ThrowsAsync<ComputeHostNotFound>(() => Scene.Bindings.OfferAsync("no-such-host", Bound(), Ct));
    }

    private static GuestBindings Bound(params HostBound[] elements) => new("qemu", "x86_64", "pc-q35-7.2", null, elements, []);
}
