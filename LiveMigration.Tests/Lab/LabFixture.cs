using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Lab;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>A lab; its tests run one after another, beside all others.</summary>
[CollectionDefinition(Name)]
public sealed class LabTests : ICollectionFixture<LabFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "lab";
}

/// <summary>One more, of which the contracts and the ways to transfer need not wait for the tests of the other.</summary>
[CollectionDefinition(Name)]
public sealed class SecondLabTests : ICollectionFixture<SecondLabFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "second lab";
}

/// <summary>The second lab.</summary>
public sealed class SecondLabFixture : LabFixture
{
    /// <inheritdoc/>
    protected override string LabName => $"{base.LabName}2";
}

/// <summary>The lab, up for as long as its tests run.</summary>
public class LabFixture : IAsyncLifetime
{
    private static readonly string[] _programs =
        ["/usr/sbin/libvirtd", "/usr/bin/virsh", "/usr/bin/qemu-system-x86_64", "/usr/sbin/sshd", "/usr/bin/bindfs", "/usr/sbin/tgtd", "/usr/bin/busybox"];

    private LabCluster? _lab;
    private LibvirtDriver? _driver;
    private int _guests;

    private static bool IsRequired => Environment.GetEnvironmentVariable("REQUIRE_LAB") == "1";

    /// <summary>What tells it from other labs of this machine.</summary>
    protected virtual string LabName => Environment.GetEnvironmentVariable("LM_LAB") ?? "test";

    /// <summary>The two hypervisors.</summary>
    public LabCluster Cluster => _lab!;

    /// <summary>How the product finds both, and the storage server.</summary>
    public LibvirtOptions Options { get; private set; } = new();

    /// <summary>The product's driver, connected to both.</summary>
    public LibvirtDriver Driver => _driver!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Missing() is { } missing)
        {
            if (IsRequired) throw new InvalidOperationException($"REQUIRE_LAB is set, but there can be no lab here: {missing}");
            return;
        }

        var ct = TestContext.Current.CancellationToken;
        _lab = await LabCluster.UpAsync(LabName, ct);
        Options = new LibvirtOptions
        {
            Hosts = [.. _lab.Hosts.Select(host => new HostOptions { Name = host.Name, Uri = host.Uri, MigrationAddress = host.Address })],
            Volumes = [new VolumeOptions { Portal = _lab.Description.Storage.Portal, Ssh = _lab.Description.Storage.Ssh }],
            Ssh = new SshOptions { KeyFile = _lab.HostA.KeyFile, KnownHostsFile = _lab.HostA.KnownHosts },
            StateFolder = Path.Combine(_lab.Description.Folder, "driver"),
        };
        _driver = new LibvirtDriver(Options, TimeProvider.System, Random.Shared, NullLogger<LibvirtDriver>.Instance);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_driver is not null) await _driver.DisposeAsync();
        if (_lab is not null) await _lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Skips the test where there is no lab. Mends what an earlier test has broken.</summary>
    public async Task ReadyAsync()
    {
        Assert.SkipWhen(_lab is null, $"no lab here: {Missing()}");
        await Cluster.MendAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => Task.FromResult(Driver.Hosts.All(host => Driver.GetLink(host).Open)), "both links are open");
    }

    /// <summary>Starts a guest of a name of its own.</summary>
    public Task<LabGuest> StartGuestAsync(LabGuestOptions? options = null) =>
        LabGuest.StartAsync(Cluster, $"t{Interlocked.Increment(ref _guests)}", TestContext.Current.CancellationToken, options);

    private static string? Missing() => true switch
    {
        _ when !OperatingSystem.IsLinux() => "it needs Linux",
        _ when !Environment.IsPrivilegedProcess => "it needs root",
        _ when _programs.Where(program => !File.Exists(program)).ToList() is { Count: > 0 } absent =>
            $"lab/install-packages would install {string.Join(", ", absent)}",
        _ => null,
    };
}
