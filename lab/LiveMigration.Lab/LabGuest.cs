using System.Globalization;
using System.Net;

namespace LiveMigration.Lab;

/// <summary>A real guest of the lab, that tells each second on its console that it lives.</summary>
public sealed class LabGuest
{
    private readonly LabCluster _lab;

    private LabGuest(LabCluster lab, string name, Guid uuid)
    {
        _lab = lab;
        Name = name;
        Uuid = uuid;
    }

    /// <summary>Its name, the domain's name.</summary>
    public string Name { get; }

    /// <summary>The domain's UUID; depends on the name only.</summary>
    public Guid Uuid { get; }

    /// <summary>The file, on the machine, to which its console goes.</summary>
    public string ConsoleFile => Path.Combine(_lab.Description.ConsoleDir, Name + ".log");

    /// <summary>The address at which it answers pings.</summary>
    public async Task<IPAddress> AddressAsync(CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(_lab.Description.Folder, "guests", Name), cancellationToken);
        return IPAddress.Parse(lines.Single(line => line.StartsWith("ip=", StringComparison.Ordinal))[3..]);
    }

    /// <summary>Starts a guest and waits for its first tick.</summary>
    public static async Task<LabGuest> StartAsync(
        LabCluster lab, string name, CancellationToken cancellationToken, LabGuestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lab);
        options ??= new LabGuestOptions();
        var uuid = await lab.RunAsync(
            "guest",
            [
                "start", name,
                "--host", (options.Host ?? lab.HostA).Name,
                "--memory", Number(options.MemoryMiB),
                "--vcpus", Number(options.Vcpus),
                "--dirty", Number(options.DirtyMBPerSecond),
                "--area", Number(options.DirtyAreaMB),
                "--disk", DiskName(options.Disk),
                "--disk-size", Number(options.DiskMiB),
                "--network", options.HasNetwork ? "bridge" : "none",
                "--on-reboot", options.Restarts ? "restart" : "destroy",
                "--disk-fill", Number(options.DiskFillMiB),
                "--disk-base", options.DiskHasBase ? "yes" : "no",
                "--disk-rate", Number(options.DiskMBPerSecond),
                "--iso", Number(options.IsoMiB),
                "--bridge", options.Bridge,
                .. options.Filter is null ? Array.Empty<string>() : ["--filter", options.Filter],
            ],
            cancellationToken);
        return new LabGuest(lab, name, Guid.Parse(uuid));
    }

    /// <summary>All hosts that know the guest; both of them are asked.</summary>
    public async Task<IReadOnlyList<GuestPlace>> WhereAsync(CancellationToken cancellationToken)
    {
        var lines = await _lab.RunAsync("guest", ["where", Name], cancellationToken);
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', count: 2))
                .Select(words => new GuestPlace(_lab.HostNamed(words[0]), words[1])),
        ];
    }

    /// <summary>SHA-256 of what its disk was filled with, read where the guest is now.</summary>
    public Task<string> DiskSumAsync(CancellationToken cancellationToken) => _lab.RunAsync("guest", ["disk-sum", Name], cancellationToken);

    /// <summary>What its console proves so far.</summary>
    public async Task<TickAudit> AuditAsync(CancellationToken cancellationToken) =>
        TickAudit.Parse(await _lab.RunAsync("guest", ["audit", Name], cancellationToken));

    /// <summary>The hosts that its volume lets in, as the storage server says.</summary>
    public Task<IReadOnlyList<LabHost>> LetInByVolumeAsync(CancellationToken cancellationToken) =>
        HostsOfVolumeAsync("access", cancellationToken);

    /// <summary>The hosts that use its volume now, as the storage server says.</summary>
    public Task<IReadOnlyList<LabHost>> UsingVolumeAsync(CancellationToken cancellationToken) =>
        HostsOfVolumeAsync("sessions", cancellationToken);

    /// <summary>Waits until the guest has ticked that many times more.</summary>
    public async Task WaitForTicksAsync(int more, TimeProvider time, CancellationToken cancellationToken)
    {
        var goal = (await AuditAsync(cancellationToken)).Ticks + more;
        while ((await AuditAsync(cancellationToken)).Ticks < goal)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    /// <summary>Lets the guest power off, as a user inside would do it. It must have a network card.</summary>
    public Task PowerOffAsync(CancellationToken cancellationToken) =>
        _lab.RunAsync("guest", ["tell", Name, "poweroff"], cancellationToken);

    /// <summary>Lets the guest reboot itself.</summary>
    public Task RebootAsync(CancellationToken cancellationToken) =>
        _lab.RunAsync("guest", ["tell", Name, "reboot"], cancellationToken);

    /// <summary>Moves it as an operator would, by <c>virsh</c> from where a controller runs, with a controller's flags.</summary>
    /// <param name="flags">Further flags of <c>virsh migrate</c>.</param>
    public Task MoveByHandAsync(LabHost from, LabHost to, CancellationToken cancellationToken, params string[] flags)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return Shell.DemandAsync(
            "virsh",
            [
                "-q", "-c", $"{from.Uri}?command={_lab.Description.Ssh}&no_tty=1",
                "migrate", "--live", "--p2p", "--persistent", "--undefinesource", .. flags,
                Name, to.Uri, "--migrateuri", $"tcp://{to.Address}",
            ],
            cancellationToken);
    }

    /// <summary>Destroys and undefines it wherever it is, with its disk and its console.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _lab.RunAsync("guest", ["stop", Name], cancellationToken);

    private async Task<IReadOnlyList<LabHost>> HostsOfVolumeAsync(string verb, CancellationToken cancellationToken)
    {
        var lines = await _lab.RunAsync("volume", [verb, Name], cancellationToken);
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => _lab.Hosts.Single(host => string.Equals(host.Address, line, StringComparison.Ordinal))),
        ];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string DiskName(LabGuestDisk disk) => disk switch
    {
        LabGuestDisk.Shared => "shared",
        LabGuestDisk.Local => "local",
        LabGuestDisk.Volume => "volume",
        _ => "none",
    };
}
