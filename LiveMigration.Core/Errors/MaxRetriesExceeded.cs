namespace LiveMigration.Core.Errors;

/// <summary>As many hosts were tried as the settings allow, and none would do.</summary>
public sealed class MaxRetriesExceeded(int tried, Guid instance, IEnumerable<KeyValuePair<string, string>> refusals)
    : ControlPlaneException(
        ErrorKind.Refused,
        $"Exceeded maximum number of retries. Exceeded max scheduling retries {tried} for instance {instance} during live migration "
        + $"({string.Join("; ", refusals.Select(refusal => $"{refusal.Key}: {refusal.Value}"))})");
