namespace LiveMigration.Core.Model;

/// <summary>What a guest that we made was made of, and what its owner asked for.</summary>
public sealed record InstanceOrigin
{
    /// <summary>Nothing: an adopted guest's.</summary>
    public static InstanceOrigin None { get; } = new();

    /// <summary>The files on its host that were made for it, and that go with it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The networks that it was plugged into.</summary>
    public IReadOnlyList<InstanceNic> Nics { get; init; } = [];

    /// <summary>The flavor's second disk, GiB, as it was then.</summary>
    public int EphemeralGiB { get; init; }

    /// <summary>The flavor's swap, MiB, as it was then.</summary>
    public int SwapMiB { get; init; }

    /// <summary>The flavor's root disk, GiB, as it was then.</summary>
    public int RootGiB { get; init; }

    /// <summary>The flavor's extra specs, as they were then.</summary>
    public IReadOnlyDictionary<string, string> ExtraSpecs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the guest is handed at its first start, base64; null for none.</summary>
    public string? UserData { get; init; }

    /// <summary>True when it was made with a config drive.</summary>
    public bool HasConfigDrive { get; init; }

    /// <summary>The key pair that was named; kept, not used.</summary>
    public string? KeyName { get; init; }

    /// <summary>The name that the guest is to call itself.</summary>
    public string? Hostname { get; init; }

    /// <summary>The request that made several servers at once.</summary>
    public string ReservationId { get; init; } = "";

    /// <summary>Its place among them, from 0.</summary>
    public int LaunchIndex { get; init; }

    /// <summary><c>AUTO</c> or <c>MANUAL</c>; Nova's word for how a disk is divided up.</summary>
    public string DiskConfig { get; init; } = "MANUAL";

    /// <summary>The address that its owner says it has.</summary>
    public string AccessIPv4 { get; init; } = "";

    /// <summary>The same for IPv6.</summary>
    public string AccessIPv6 { get; init; } = "";

    /// <summary>Not what is in it: user data holds passwords as a rule, and texts end up in logs.</summary>
    public override string ToString() => nameof(InstanceOrigin);
}

/// <summary>One network card of a guest that we made.</summary>
/// <param name="Network">The network's id.</param>
/// <param name="Name">The network's name.</param>
/// <param name="Bridge">The bridge, by the name that all hosts agree upon.</param>
/// <param name="Mac">Its address.</param>
public sealed record InstanceNic(Guid Network, string Name, string Bridge, string Mac);
