namespace LiveMigration.Core.Alerts;

/// <summary>What can be wrong that somebody has to know. The words of <see cref="AlertKinds"/> are durable: others filter by them.</summary>
public enum AlertKind
{
    /// <summary>Two hosts run the same guest.</summary>
    GuestRunsTwice,

    /// <summary>No host has a guest whose removal nobody asked for.</summary>
    GuestGone,

    /// <summary>A guest is on a host other than the recorded one, and the record could not be put right.</summary>
    GuestElsewhere,

    /// <summary>A host has half of a guest that no migration of ours moves.</summary>
    GuestHalfMoved,

    /// <summary>A host that is not the guest's keeps a definition of it.</summary>
    DefinitionLeftOver,

    /// <summary>A guest carries the mark of a migration that the records do not know.</summary>
    MarkUnknown,

    /// <summary>A guest carries the mark of a migration that has ended, and it could not be taken away.</summary>
    MarkStale,

    /// <summary>An instance has a task state, and nothing that would ever end it.</summary>
    TaskWithoutWork,

    /// <summary>A migration is open, due, and nobody drives it.</summary>
    MigrationUndriven,

    /// <summary>A migration can't go on without help.</summary>
    MigrationNeedsAttention,

    /// <summary>What a migration has left on a host is not tidied, though the host answers or is no longer ours.</summary>
    CleanupStuck,

    /// <summary>A host can't be asked: what is on it is not compared.</summary>
    HostSilent,

    /// <summary>Another controller holds a host of ours: it is not touched.</summary>
    HostHeldByAnother,

    /// <summary>Another controller has taken a host over that we acted on.</summary>
    HostTakenOver,

    /// <summary>A host can't keep a controller's seal.</summary>
    HostUnsealed,

    /// <summary>The records were lost, or are those of an older copy.</summary>
    RecordsLost,

    /// <summary>The record of a migration was lost and made anew from its mark.</summary>
    MigrationRebuilt,
}

/// <summary>How bad it is.</summary>
public enum AlertSeverity
{
    /// <summary>To be looked at on a working day.</summary>
    Warning,

    /// <summary>A guest or its data are in danger: at once.</summary>
    Critical,
}

/// <summary>The words and the weight of each kind.</summary>
public static class AlertKinds
{
    /// <summary>The kind as the API, the log and the metric call it.</summary>
    public static string ToWord(this AlertKind kind) => kind switch
    {
        AlertKind.GuestRunsTwice => "guest-runs-twice",
        AlertKind.GuestGone => "guest-gone",
        AlertKind.GuestElsewhere => "guest-elsewhere",
        AlertKind.GuestHalfMoved => "guest-half-moved",
        AlertKind.DefinitionLeftOver => "definition-left-over",
        AlertKind.MarkUnknown => "mark-unknown",
        AlertKind.MarkStale => "mark-stale",
        AlertKind.TaskWithoutWork => "task-without-work",
        AlertKind.MigrationUndriven => "migration-undriven",
        AlertKind.MigrationNeedsAttention => "migration-needs-attention",
        AlertKind.CleanupStuck => "cleanup-stuck",
        AlertKind.HostSilent => "host-silent",
        AlertKind.HostHeldByAnother => "host-held-by-another",
        AlertKind.HostTakenOver => "host-taken-over",
        AlertKind.HostUnsealed => "host-unsealed",
        AlertKind.RecordsLost => "records-lost",
        AlertKind.MigrationRebuilt => "migration-rebuilt",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no word for it"),
    };

    /// <summary>How bad it is.</summary>
    public static AlertSeverity Severity(this AlertKind kind) =>
        kind is AlertKind.GuestRunsTwice or AlertKind.GuestGone or AlertKind.HostHeldByAnother or AlertKind.HostTakenOver or AlertKind.RecordsLost
            ? AlertSeverity.Critical
            : AlertSeverity.Warning;

    /// <summary>The severity as the API, the log and the metric call it.</summary>
    public static string ToWord(this AlertSeverity severity) => severity == AlertSeverity.Critical ? "critical" : "warning";
}
