namespace LiveMigration.Core.Drivers;

/// <summary>
/// What a host calls bridges that its peers call something else: from a name that all hosts agree upon to the host's own.
/// A bridge that is not listed is called alike everywhere.
/// </summary>
/// <param name="Own">The host's bridge, by the common name.</param>
public sealed record BridgeMap(IReadOnlyDictionary<string, string> Own)
{
    /// <summary>Every bridge is called as everywhere.</summary>
    public static BridgeMap Same { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The destination's name of a bridge that this host calls so.</summary>
    public string Translate(string bridge, BridgeMap destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var common = Own.FirstOrDefault(pair => string.Equals(pair.Value, bridge, StringComparison.Ordinal)).Key ?? bridge;
        return destination.Own.GetValueOrDefault(common, common);
    }
}
