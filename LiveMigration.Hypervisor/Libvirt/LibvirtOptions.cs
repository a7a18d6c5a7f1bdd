namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The hosts that are spoken to through libvirt, and how.</summary>
public sealed record LibvirtOptions
{
    /// <summary>The hosts, in the order in which they are shown.</summary>
    public IReadOnlyList<HostOptions> Hosts { get; init; } = [];

    /// <summary>Key and known hosts for every host that does not name its own.</summary>
    public SshOptions Ssh { get; init; } = new();

    /// <summary>Storage servers whose volumes' access lists are ours to keep.</summary>
    public IReadOnlyList<VolumeOptions> Volumes { get; init; } = [];

    /// <summary>A folder of the controller's own, where it writes its ssh configuration.</summary>
    public string StateFolder { get; init; } = "state";

    /// <summary>How often a silent host is pinged, seconds.</summary>
    public int KeepAliveSeconds { get; init; } = 5;

    /// <summary>How many unanswered pings end a connection.</summary>
    public int KeepAliveCount { get; init; } = 3;

    /// <summary>How long ssh may take to reach a host, seconds.</summary>
    public int ConnectTimeoutSeconds { get; init; } = 10;

    /// <summary>
    /// How many calls to one host may wait at once, transfers not counted; each takes a connection. Enough that an
    /// abort is heard while others wait for libvirt's lock on a guest.
    /// </summary>
    public int CallsAtOnce { get; init; } = 3;

    /// <summary>How long a call may take before its caller is told that the host gives no answer, seconds.</summary>
    public int CallTimeoutSeconds { get; init; } = 15;
}

/// <summary>One host.</summary>
public sealed record HostOptions
{
    /// <summary>Its name in the control plane; Nova's <c>host</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>libvirt's URI of it, <c>qemu+ssh://root@10.0.0.1/system</c>.</summary>
    public string Uri { get; init; } = "";

    /// <summary>The address that guests' memory is sent to; null leaves the choice to libvirt.</summary>
    public string? MigrationAddress { get; init; }

    /// <summary>Where VNC and SPICE of arriving guests listen, an IP address; null leaves it to the guest's definition.</summary>
    public string? GraphicsListen { get; init; }

    /// <summary>This host's bridges, by the names that all hosts agree upon; those not listed are called alike everywhere.</summary>
    public IReadOnlyDictionary<string, string> Bridges { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The IP address that this host reaches storage servers from; null takes the migration address, else that of the URI.</summary>
    public string? InitiatorAddress { get; init; }

    /// <summary>The private key for this host; null takes the common one.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The known hosts for this host; null takes the common ones.</summary>
    public string? KnownHostsFile { get; init; }
}

/// <summary>How the controller identifies itself to hosts, and them to itself.</summary>
public sealed record SshOptions
{
    /// <summary>The private key; null leaves it to ssh (agent, default keys).</summary>
    public string? KeyFile { get; init; }

    /// <summary>The only file that host keys are looked up in; null takes the user's own.</summary>
    public string? KnownHostsFile { get; init; }
}
