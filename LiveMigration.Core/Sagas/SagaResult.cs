namespace LiveMigration.Core.Sagas;

/// <summary>What became of a saga while we drove it.</summary>
public abstract record SagaResult
{
    private SagaResult()
    {
    }

    /// <summary>It has ended.</summary>
    /// <param name="Completed">True when forward, false when taken back.</param>
    /// <param name="Failure">What turned it round, if that happened in this drive.</param>
    public sealed record Ended(bool Completed, Exception? Failure) : SagaResult;

    /// <summary>It waits and will be taken up again.</summary>
    /// <param name="Reason">What for.</param>
    public sealed record Waits(string Reason) : SagaResult;

    /// <summary>Somebody else drives it, or it had ended before.</summary>
    public sealed record NotOurs : SagaResult;

    /// <summary>It was driven as far as was asked.</summary>
    public sealed record Reached : SagaResult;
}
