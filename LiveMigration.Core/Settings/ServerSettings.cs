namespace LiveMigration.Core.Settings;

/// <summary>What servers are made of.</summary>
/// <param name="ImageFolder">The controller's folder of images.</param>
/// <param name="DiskFolder">The hosts' folder for disks of servers; the same path on all of them.</param>
/// <param name="Networks">What servers can be plugged into.</param>
public sealed record ServerSettings(string ImageFolder, string DiskFolder, IReadOnlyList<GuestNetwork> Networks)
{
    /// <summary>How many servers one request may ask for.</summary>
    public const int MostAtOnce = 100;

    /// <summary>How many hosts a build is tried on. Nova: max_attempts.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The path of the QEMU on the hosts; null for each host's own choice.</summary>
    public string? Emulator { get; init; }

    /// <summary><c>kvm</c> or <c>qemu</c>; null for each host's own choice.</summary>
    public string? VirtType { get; init; }
}

/// <summary>A network that servers can be plugged into: a bridge by a name.</summary>
/// <param name="Id">Its id; stable.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bridge">The bridge, by the name that all hosts agree upon.</param>
public sealed record GuestNetwork(Guid Id, string Name, string Bridge)
{
    /// <summary>The largest packet, bytes.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>The addresses in use there, for clients to see; null when not told.</summary>
    public string? Cidr { get; init; }
}
