namespace LiveMigration.Core.Settings;

/// <summary>
/// How guests are moved: section <c>LiveMigration</c> of the configuration. Beside the options of a single transfer those
/// that concern the controller as a whole.
/// </summary>
public sealed record LiveMigrationSettings : TransferOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "LiveMigration";

    /// <summary>
    /// How it is waited until the guest's interfaces are plugged in at the destination: <c>hold</c> sends nothing before the
    /// destination is ready, <c>slow</c> begins with 1 MiB/s and goes on when they are plugged, <c>off</c> does not wait.
    /// Nova: live_migration_wait_for_vif_plug.
    /// </summary>
    public string WaitForVifPlug { get; init; } = "hold";

    /// <summary>How long it is waited at most, s, 0–86,400; 0 = not at all. Nova: vif_plugging_timeout.</summary>
    public int VifPluggingTimeoutSeconds { get; init; } = 300;

    /// <summary>Whether the move ends then; otherwise it goes on. Nova: vif_plugging_is_fatal.</summary>
    public bool VifPluggingIsFatal { get; init; } = true;

    /// <summary>
    /// How often a running transfer is looked at, ms, 20–10,000. Nova: 500, fixed. Each look costs QEMU's main loop some
    /// time that it also needs for the switch-over.
    /// </summary>
    public int PollIntervalMs { get; init; } = 500;

    /// <summary>How often progress and counters are written, ms, 100–60,000. Nova: live_migration_monitor_interval, 5 s.</summary>
    public int MonitorIntervalMs { get; init; } = 500;

    /// <summary>Moves out of one host at the same time, at least 1. Nova: max_concurrent_live_migrations.</summary>
    public int MaxConcurrentPerSource { get; init; } = 1;

    /// <summary>Moves into one host at the same time, at least 1.</summary>
    public int MaxConcurrentPerDestination { get; init; } = 2;

    /// <summary>Moves in the whole cloud at the same time, at least 1.</summary>
    public int MaxConcurrent { get; init; } = 10;

    /// <summary>Further hosts to try when a check fails: -1 = until none is left. Nova: migrate_max_retries.</summary>
    public int MigrateMaxRetries { get; init; } = -1;

    /// <summary>Memory that the scheduler leaves to a host itself, MiB. Nova: reserved_host_memory_mb.</summary>
    public long ReservedHostMemoryMiB { get; init; } = 512;

    /// <summary>How much of a host's memory guests may be promised, as a factor, above 0. Nova: ram_allocation_ratio.</summary>
    public double RamAllocationRatio { get; init; } = 1.0;

    /// <summary>How often hosts are asked whether they live, s, 1–60. Nova: report_interval.</summary>
    public int ReportIntervalSeconds { get; init; } = 10;

    /// <summary>How often all guests are compared with the records, s, 5–3,600. Nova: sync_power_state_interval.</summary>
    public int SweepIntervalSeconds { get; init; } = 60;

    /// <summary>
    /// How often all hosts are compared with the records to the last mark, s, 30–86,400. Beside it each guest is compared when
    /// a move of it has ended.
    /// </summary>
    public int AuditIntervalSeconds { get; init; } = 300;
}
