namespace LiveMigration.Core.Drivers;

/// <summary>A libvirt job of a guest: what it is doing and how far it is. Bytes, unless said otherwise.</summary>
public sealed record JobStatistics(JobState State)
{
    /// <summary>A guest without a job.</summary>
    public static JobStatistics None { get; } = new(JobState.None);

    /// <summary>Since the job began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How long the guest stood still; of a completed job only.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Guest memory in all.</summary>
    public long MemoryTotal { get; init; }

    /// <summary>Guest memory sent; dirtied pages count again.</summary>
    public long MemoryProcessed { get; init; }

    /// <summary>Guest memory still to send.</summary>
    public long MemoryRemaining { get; init; }

    /// <summary>Disk data in all.</summary>
    public long DiskTotal { get; init; }

    /// <summary>Disk data copied.</summary>
    public long DiskProcessed { get; init; }

    /// <summary>Disk data still to copy.</summary>
    public long DiskRemaining { get; init; }

    /// <summary>Passes over the memory so far.</summary>
    public long Iteration { get; init; }

    /// <summary>What the memory stream carries, bytes a second.</summary>
    public long MemoryBytesPerSecond { get; init; }

    /// <summary>What the guest dirties, bytes a second.</summary>
    public long DirtyBytesPerSecond { get; init; }
}

/// <summary>libvirt's job types, as far as they matter here.</summary>
public enum JobState
{
    /// <summary>No job.</summary>
    None,

    /// <summary>Under way.</summary>
    Active,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Ended badly.</summary>
    Failed,

    /// <summary>Was aborted.</summary>
    Cancelled,
}
