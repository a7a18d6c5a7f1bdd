using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Volumes;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>A host's state.</summary>
internal sealed class CloudHost(SimulatedHostOptions options)
{
    public SimulatedHostOptions Options { get; } = options;

    public string Name => Options.Name;

    public Dictionary<Guid, GuestCopy> Guests { get; } = [];

    public HostPlugs Plugs { get; } = new(options);

    public long FreeDiskBytes { get; set; } = options.FreeDiskGiB << 30;

    public bool ControlIsCut { get; set; }

    public bool LibvirtdIsDead { get; set; }

    public TimeSpan Slowness { get; set; }

    public HostSeal? Seal { get; set; }

    public bool Answers => !ControlIsCut && !LibvirtdIsDead;

    /// <summary>What is behind a path; null when the host has no folder for it.</summary>
    public string? StorageOf(string path) => Options.Folders
        .Where(f => string.Equals(path, f.Path, StringComparison.Ordinal) || path.StartsWith(f.Path + "/", StringComparison.Ordinal))
        .MaxBy(f => f.Path.Length)?.Storage;
}

/// <summary>A guest as one host knows it.</summary>
internal sealed class GuestCopy(CloudHost host, CloudGuest guest, GuestState state)
{
    public CloudHost Host { get; } = host;

    public CloudGuest Guest { get; } = guest;

    public GuestState State { get; set; } = state;

    public bool Persistent { get; set; }

    public MigrationMark? Mark { get; set; }

    public IReadOnlyList<GuestInterface> Interfaces { get; set; } = guest.Options.Interfaces;

    public IReadOnlyList<string> GraphicsListen { get; set; } = guest.Options.GraphicsListen;

    public Transfer? Transfer { get; set; }

    public JobStatistics? CompletedJob { get; set; }

    public bool Runs => State is GuestState.Running or GuestState.RunningPostCopy;

    public GuestDescription Describe() => Guest.Describe() with { Interfaces = Interfaces, GraphicsListen = GraphicsListen };

    /// <summary>Takes over the definition of another host's copy, changed as its transfer says.</summary>
    public void DefineAs(GuestCopy other, DestinationChanges changes)
    {
        Interfaces = [.. other.Interfaces.Select(nic => changes.Bridges.TryGetValue(nic.Mac, out var bridge) ? nic with { Source = bridge } : nic)];
        GraphicsListen = changes.GraphicsListen is { } address ? [.. other.GraphicsListen.Select(_ => address)] : other.GraphicsListen;
    }

    public GuestObservation Observe() => new(
        Guest.Options.Uuid, Guest.Options.Name, State, Persistent, Mark,
        Guest.Options.MemoryMiB, Guest.Options.Vcpus, Guest.Options.Title);
}

/// <summary>What is true of a guest wherever it is: what it is made of and how it writes its memory.</summary>
internal sealed class CloudGuest(SimulatedGuestOptions options)
{
    private const double MiB = 1 << 20;

    public SimulatedGuestOptions Options { get; } = options;

    public Guid Uuid => Options.Uuid;

    /// <summary>The volumes behind its disks, whether there is such a storage server or not.</summary>
    public IReadOnlyList<Volume> Volumes { get; } = [.. options.Disks.Select(IscsiVolume.Of).OfType<Volume>().Distinct()];

    public double DirtyRate { get; set; } = options.DirtyMiBps * MiB;

    public bool NeverConverges { get; set; }

    /// <summary>What was done to it that libvirt does not move a guest with.</summary>
    public List<MoveObstacle> Obstacles { get; } = [];

    public double MemoryBytes => Options.MemoryMiB * MiB;

    public double WorkingSetBytes => Math.Min(MemoryBytes, (Options.WorkingSetMiB ?? Options.MemoryMiB) * MiB);

    public GuestDescription Describe() => new(
        Uuid, Options.VirtType, Options.Arch, Options.Machine, Options.CpuXml, Options.Disks, Options.Interfaces);
}

/// <summary>A link's state.</summary>
internal sealed class CloudLink(SimulatedLinkOptions options)
{
    public TimeSpan Latency => options.Latency;

    public double BytesPerSecond { get; set; } = options.BandwidthMiBps * (1 << 20);

    public bool IsCut { get; set; }

    /// <summary>Counts cuts, so that the break of an earlier one that was healed in time finds nothing to break.</summary>
    public int Cuts { get; set; }
}
