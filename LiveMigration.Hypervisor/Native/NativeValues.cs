namespace LiveMigration.Hypervisor.Native;

/// <summary>virDomainState.</summary>
internal enum DomainState
{
    None = 0,
    Running = 1,
    Blocked = 2,
    Paused = 3,
    ShuttingDown = 4,
    Off = 5,
    Crashed = 6,
    PmSuspended = 7,
}

/// <summary>The reasons of virDomainGetState that mean something here.</summary>
internal static class StateReasons
{
    internal const int RunningPostCopy = 10;
    internal const int RunningPostCopyFailed = 11;
    internal const int PausedMigration = 2;
    internal const int PausedShuttingDown = 8;
    internal const int PausedStartingUp = 11;
    internal const int PausedPostCopy = 12;
    internal const int PausedPostCopyFailed = 13;
    internal const int OffCrashed = 3;
    internal const int OffSaved = 5;
}

/// <summary>virDomainJobType.</summary>
internal enum JobType
{
    None = 0,
    Bounded = 1,
    Unbounded = 2,
    Completed = 3,
    Failed = 4,
    Cancelled = 5,
}

/// <summary>virDomainMigrateFlags, those in use.</summary>
[Flags]
internal enum MigrateFlags : uint
{
    None = 0,
    Live = 1 << 0,
    PeerToPeer = 1 << 1,
    Tunnelled = 1 << 2,
    PersistDestination = 1 << 3,
    UndefineSource = 1 << 4,
    NonSharedDisk = 1 << 6,
    NonSharedIncremental = 1 << 7,
    Compressed = 1 << 11,
    AutoConverge = 1 << 13,
    PostCopy = 1 << 15,
    Tls = 1 << 16,
    Parallel = 1 << 17,
    PostCopyResume = 1 << 19,
    NonSharedSynchronousWrites = 1 << 18,
}

/// <summary>virDomainModificationImpact.</summary>
[Flags]
internal enum Affect : uint
{
    Current = 0,
    Live = 1,
    Config = 2,
}

/// <summary>virDomainUndefineFlagsValues, those in use.</summary>
[Flags]
internal enum UndefineFlags : uint
{
    None = 0,
    ManagedSave = 1 << 0,
    SnapshotsMetadata = 1 << 1,
    KeepNvram = 1 << 3,
    KeepTpm = 1 << 6,
}

/// <summary>virStorageVolCreateFlags, those in use.</summary>
[Flags]
internal enum StorageVolumeCreateFlags : uint
{
    None = 0,
    PreallocateMetadata = 1 << 0,
}

/// <summary>virConnectCloseReason.</summary>
internal enum CloseReason
{
    Error = 0,
    EndOfFile = 1,
    KeepAlive = 2,
    Client = 3,
}
