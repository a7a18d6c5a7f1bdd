namespace LiveMigration.Core.Settings;

/// <summary>Those of <see cref="TransferOptions"/> that one source host, or one request, wants otherwise; null leaves one as it is.</summary>
public sealed record TransferOverrides
{
    /// <inheritdoc cref="TransferOptions.DowntimeMs"/>
    public int? DowntimeMs { get; init; }

    /// <inheritdoc cref="TransferOptions.DowntimeSteps"/>
    public int? DowntimeSteps { get; init; }

    /// <inheritdoc cref="TransferOptions.FirstDowntimeMs"/>
    public int? FirstDowntimeMs { get; init; }

    /// <inheritdoc cref="TransferOptions.DowntimeDelaySecondsPerGiB"/>
    public int? DowntimeDelaySecondsPerGiB { get; init; }

    /// <inheritdoc cref="TransferOptions.CompletionTimeoutSecondsPerGiB"/>
    public int? CompletionTimeoutSecondsPerGiB { get; init; }

    /// <inheritdoc cref="TransferOptions.TimeoutAction"/>
    public string? TimeoutAction { get; init; }

    /// <inheritdoc cref="TransferOptions.StalledTimeoutSeconds"/>
    public int? StalledTimeoutSeconds { get; init; }

    /// <inheritdoc cref="TransferOptions.PermitPostCopy"/>
    public bool? PermitPostCopy { get; init; }

    /// <inheritdoc cref="TransferOptions.PermitAutoConverge"/>
    public bool? PermitAutoConverge { get; init; }

    /// <inheritdoc cref="TransferOptions.AutoConvergeInitialPercent"/>
    public int? AutoConvergeInitialPercent { get; init; }

    /// <inheritdoc cref="TransferOptions.AutoConvergeIncrementPercent"/>
    public int? AutoConvergeIncrementPercent { get; init; }

    /// <inheritdoc cref="TransferOptions.BandwidthMiBps"/>
    public long? BandwidthMiBps { get; init; }

    /// <inheritdoc cref="TransferOptions.PostCopyBandwidthMiBps"/>
    public long? PostCopyBandwidthMiBps { get; init; }

    /// <inheritdoc cref="TransferOptions.ParallelConnections"/>
    public int? ParallelConnections { get; init; }

    /// <inheritdoc cref="TransferOptions.Compression"/>
    public string? Compression { get; init; }

    /// <inheritdoc cref="TransferOptions.NativeTls"/>
    public bool? NativeTls { get; init; }

    /// <inheritdoc cref="TransferOptions.Tunnelled"/>
    public bool? Tunnelled { get; init; }
}
