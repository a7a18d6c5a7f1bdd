namespace LiveMigration.Core.Errors;

/// <summary>No host is left that could take the instance.</summary>
public sealed class NoValidHost(string reason)
    : ControlPlaneException(ErrorKind.Refused, $"No valid host was found. {reason}")
{
    /// <summary>Why each host that was looked at would not do, by its name.</summary>
    public IReadOnlyDictionary<string, string> Refusals { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
