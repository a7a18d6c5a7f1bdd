namespace LiveMigration.Core.Settings;

/// <summary>
/// How guests are moved: section <c>LiveMigration</c> of the configuration. Names, defaults and bounds are those of
/// Nova's options of the same name, with the unit added.
/// </summary>
public sealed record LiveMigrationSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "LiveMigration";

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
    public string TimeoutAction { get; init; } = "abort";

    /// <summary>Whether a move may be finished by post-copy. Nova: live_migration_permit_post_copy.</summary>
    public bool PermitPostCopy { get; init; }

    /// <summary>Whether a guest that writes too fast may be slowed down; without post-copy only. Nova: live_migration_permit_auto_converge.</summary>
    public bool PermitAutoConverge { get; init; }

    /// <summary>Upper bound of the memory stream, MiB/s; 0 = none. Nova: live_migration_bandwidth.</summary>
    public long BandwidthMiBps { get; init; }

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
}
