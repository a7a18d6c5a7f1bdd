namespace LiveMigration.Core.Sagas;

/// <summary>Thrown by a step that can't be done yet through nobody's fault. Nothing was changed; it is run again later.</summary>
/// <param name="reason">What it waits for.</param>
/// <param name="retryAfter">When to ask again at the latest.</param>
public sealed class StepNotReady(string reason, TimeSpan retryAfter) : Exception(reason)
{
    /// <summary>When to ask again at the latest.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
