namespace LiveMigration.Core.Model;

/// <summary>Where a live migration stands. The texts at the border are Nova's, see <see cref="MigrationStatusNames"/>.</summary>
public enum MigrationStatus
{
    /// <summary>The record exists; nothing has been checked yet.</summary>
    Accepted,

    /// <summary>Checked and claimed; waits for a free slot on its hosts.</summary>
    Queued,

    /// <summary>The destination is being made ready.</summary>
    Preparing,

    /// <summary>The transfer was handed to libvirt, or has ended and is being tidied up.</summary>
    Running,

    /// <summary>The guest runs on the destination while its memory still arrives.</summary>
    RunningPostCopy,

    /// <summary>The guest runs on the destination and nothing is left at the source.</summary>
    Completed,

    /// <summary>Taken back on request; the guest never left the source.</summary>
    Cancelled,

    /// <summary>Taken back after a failure; the guest runs on the source as if nothing had been.</summary>
    Failed,

    /// <summary>Refused by a check before anything was prepared, or the guest itself was lost.</summary>
    Error,
}
