namespace LiveMigration.Core.Settings;

/// <summary>
/// How a guest is moved. For all hosts from section <c>LiveMigration</c>, for one source host from <c>Hosts:N:LiveMigration</c>,
/// for one move from its request; what is in force is stored with the migration. Names, defaults and bounds are those of
/// Nova's options of the same name, with the unit added.
/// </summary>
public record TransferOptions
{
    /// <summary>How long a guest may stand still at the switch-over at most, ms; at least 100. Nova: live_migration_downtime.</summary>
    public int DowntimeMs { get; init; } = 500;

    /// <summary>In how many steps that is reached; at least 3. Nova: live_migration_downtime_steps.</summary>
    public int DowntimeSteps { get; init; } = 10;

    /// <summary>
    /// What is tried in the first three seconds, before the steps, ms, 0–10,000; 0 = begin with the steps. A guest that writes
    /// little switches over within this; for others it costs these three at most. Not in Nova.
    /// </summary>
    public int FirstDowntimeMs { get; init; } = 20;

    /// <summary>Time between two steps, s for each GiB to move; at least 3. Nova: live_migration_downtime_delay.</summary>
    public int DowntimeDelaySecondsPerGiB { get; init; } = 75;

    /// <summary>When to give up, s for each GiB to move; 0 = never. Nova: live_migration_completion_timeout.</summary>
    public int CompletionTimeoutSecondsPerGiB { get; init; } = 800;

    /// <summary>What to do then: <c>abort</c> or <c>force_complete</c>. Nova: live_migration_timeout_action.</summary>
    public string TimeoutAction { get; init; } = TransferWords.Abort;

    /// <summary>
    /// When to give up a copy that no byte of goes through any more, s, 0–86,400; 0 = never. TCP alone may hold a stream on a
    /// dead link for a quarter of an hour. Post-copy is never given up. Not in Nova.
    /// </summary>
    public int StalledTimeoutSeconds { get; init; } = 60;

    /// <summary>Whether a move may be finished by post-copy. Nova: live_migration_permit_post_copy.</summary>
    public bool PermitPostCopy { get; init; }

    /// <summary>Whether a guest that writes too fast may be slowed down; without post-copy only. Nova: live_migration_permit_auto_converge.</summary>
    public bool PermitAutoConverge { get; init; }

    /// <summary>By how much it is slowed down at first, %, 0–99; 0 = QEMU's choice, 20. Not in Nova.</summary>
    public int AutoConvergeInitialPercent { get; init; }

    /// <summary>By how much more each time, %, 0–99; 0 = QEMU's choice, 10. Not in Nova.</summary>
    public int AutoConvergeIncrementPercent { get; init; }

    /// <summary>Upper bound of the stream, MiB/s; 0 = none. Nova: live_migration_bandwidth.</summary>
    public long BandwidthMiBps { get; init; }

    /// <summary>Upper bound of the stream in post-copy, MiB/s; 0 = none. Not in Nova.</summary>
    public long PostCopyBandwidthMiBps { get; init; }

    /// <summary>Streams that memory goes over, 1–255; above 1 QEMU's multifd. Nova: live_migration_parallel_connections.</summary>
    public int ParallelConnections { get; init; } = 1;

    /// <summary><c>none</c>, <c>xbzrle</c>, <c>mt</c>, and with parallel connections <c>zlib</c> or <c>zstd</c>. Not in Nova.</summary>
    public string Compression { get; init; } = TransferWords.NoCompression;

    /// <summary>Whether QEMU encrypts the stream itself; both hosts need certificates. Nova: live_migration_with_native_tls.</summary>
    public bool NativeTls { get; init; }

    /// <summary>Whether the stream goes through the libvirt daemons' own connection. Nova: live_migration_tunnelled.</summary>
    public bool Tunnelled { get; init; }

    /// <summary>These options, with some replaced.</summary>
    public TransferOptions With(TransferOverrides? overrides) => overrides is not { } given ? this : new TransferOptions
    {
        DowntimeMs = given.DowntimeMs ?? DowntimeMs,
        DowntimeSteps = given.DowntimeSteps ?? DowntimeSteps,
        FirstDowntimeMs = given.FirstDowntimeMs ?? FirstDowntimeMs,
        DowntimeDelaySecondsPerGiB = given.DowntimeDelaySecondsPerGiB ?? DowntimeDelaySecondsPerGiB,
        CompletionTimeoutSecondsPerGiB = given.CompletionTimeoutSecondsPerGiB ?? CompletionTimeoutSecondsPerGiB,
        TimeoutAction = given.TimeoutAction ?? TimeoutAction,
        StalledTimeoutSeconds = given.StalledTimeoutSeconds ?? StalledTimeoutSeconds,
        PermitPostCopy = given.PermitPostCopy ?? PermitPostCopy,
        PermitAutoConverge = given.PermitAutoConverge ?? PermitAutoConverge,
        AutoConvergeInitialPercent = given.AutoConvergeInitialPercent ?? AutoConvergeInitialPercent,
        AutoConvergeIncrementPercent = given.AutoConvergeIncrementPercent ?? AutoConvergeIncrementPercent,
        BandwidthMiBps = given.BandwidthMiBps ?? BandwidthMiBps,
        PostCopyBandwidthMiBps = given.PostCopyBandwidthMiBps ?? PostCopyBandwidthMiBps,
        ParallelConnections = given.ParallelConnections ?? ParallelConnections,
        Compression = given.Compression ?? Compression,
        NativeTls = given.NativeTls ?? NativeTls,
        Tunnelled = given.Tunnelled ?? Tunnelled,
    };
}
