namespace LiveMigration.Core.Alerts;

/// <summary>Something that is wrong now. Two findings of the same kind and subject are the same alert, seen again.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">What it is about, so that it is told from others of its kind: a guest's UUID, a migration's id, a host.</param>
/// <param name="Text">What is the matter, and what to do, in one line.</param>
public sealed record Finding(AlertKind Kind, string Subject, string Text)
{
    /// <summary>The instance that it concerns, if it concerns one.</summary>
    public Guid? Instance { get; init; }

    /// <summary>The migration that it concerns, if it concerns one.</summary>
    public int? Migration { get; init; }

    /// <summary>The hosts that must be asked to tell whether it still holds.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Since when, UTC, where the records tell; null means since it was first seen.</summary>
    public DateTime? Since { get; init; }
}

/// <summary>A finding with its history.</summary>
/// <param name="Id">Its id, as long as it stands.</param>
/// <param name="Finding">What was found, in the words of the last look.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="LastSeen">When it was last found, UTC.</param>
/// <param name="ResolvedAt">When it was first no longer found, UTC; null while it stands.</param>
public sealed record Alert(Guid Id, Finding Finding, DateTime Since, DateTime LastSeen, DateTime? ResolvedAt);
