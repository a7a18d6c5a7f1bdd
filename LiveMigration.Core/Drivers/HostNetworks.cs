namespace LiveMigration.Core.Drivers;

/// <summary>What the settings say of a host's networks.</summary>
/// <param name="Bridges">What it calls bridges that its peers call something else.</param>
/// <param name="GraphicsListen">Where screens of guests that arrive there are to listen; null leaves that to the guest.</param>
public sealed record HostNetworkOptions(BridgeMap Bridges, string? GraphicsListen);

/// <summary>What a host is asked about its networks.</summary>
/// <param name="Links">Names of bridges and network cards.</param>
/// <param name="Networks">Names of libvirt's networks.</param>
/// <param name="Rules">Names of filtering rules; those that they refer to are told as well.</param>
public sealed record NetworkQuestion(IReadOnlyList<string> Links, IReadOnlyList<string> Networks, IReadOnlyList<string> Rules)
{
    /// <summary>True when there is nothing to ask.</summary>
    public bool IsEmpty => Links.Count + Networks.Count + Rules.Count == 0;
}

/// <summary>What a host answers. A name that it could not look for is in none of its answers but in <see cref="NotKnown"/>.</summary>
public sealed record HostNetworks
{
    /// <summary>Nothing was asked.</summary>
    public static HostNetworks Nothing { get; } = new();

    /// <summary>The links that it has, by name.</summary>
    public IReadOnlyDictionary<string, NetworkSighting> Links { get; init; } = new Dictionary<string, NetworkSighting>(StringComparer.Ordinal);

    /// <summary>The networks of libvirt that it has, by name.</summary>
    public IReadOnlyDictionary<string, NetworkSighting> Networks { get; init; } = new Dictionary<string, NetworkSighting>(StringComparer.Ordinal);

    /// <summary>The rules that it has, each after those that it refers to.</summary>
    public IReadOnlyList<NetworkRule> Rules { get; init; } = [];

    /// <summary>What it has no means to tell, with its reason, by name.</summary>
    public IReadOnlyDictionary<string, string> NotKnown { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Something that guests can be plugged into.</summary>
/// <param name="Up">True when it carries packets.</param>
/// <param name="Mtu">The largest packet, bytes; null when it does not tell.</param>
public sealed record NetworkSighting(bool Up, int? Mtu);

/// <summary>A filtering rule; libvirt's nwfilter.</summary>
/// <param name="Name">Its name, by which guests refer to it.</param>
/// <param name="Content">What it says; two rules that say the same have the same text.</param>
/// <param name="RefersTo">The rules that it includes.</param>
public sealed record NetworkRule(string Name, string Content, IReadOnlyList<string> RefersTo);
