using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Compute;

/// <summary>What one host said of a guest.</summary>
public enum Sighting
{
    /// <summary>The host gave no answer.</summary>
    NoAnswer,

    /// <summary>It answered, and has no such guest, or only its definition.</summary>
    Absent,

    /// <summary>Its QEMU waits for the guest's memory.</summary>
    Incoming,

    /// <summary>The guest lives there, running or paused by an operator.</summary>
    Alive,

    /// <summary>The guest stands still there because it was handed over.</summary>
    HandedOver,

    /// <summary>The guest lives there while its memory still arrives.</summary>
    PostCopy,

    /// <summary>A post-copy broke.</summary>
    Broken,

    /// <summary>It arrived there and has ended since: the host keeps a definition that only a finished transfer leaves.</summary>
    Ended,
}

/// <summary>
/// From what both hosts say to what became of the transfer. Pure, so that every combination can be listed and checked.
/// No answer never proves anything, with one exception: a guest that runs at the destination has switched over.
/// </summary>
public static class GuestWhereabouts
{
    /// <summary>Concludes.</summary>
    /// <param name="source">What the source said.</param>
    /// <param name="destination">What the destination said.</param>
    /// <param name="job">The guest's job at the source.</param>
    public static PivotObservation Conclude(Sighting source, Sighting destination, JobState job) => (source, destination) switch
    {
        // Two living copies: nothing that we do now can be right. Wait, and be loud about it.
        (Sighting.Alive, Sighting.Alive or Sighting.PostCopy) => PivotObservation.Unknown,

        (Sighting.Alive or Sighting.HandedOver or Sighting.PostCopy, _) when job == JobState.Active => PivotObservation.InProgress,

        // A post-copy that broke is resumed, whatever else: each side has a part of the guest. One side may notice later.
        (Sighting.Broken, Sighting.Broken or Sighting.PostCopy) => PivotObservation.InProgress,
        (_, Sighting.PostCopy) => PivotObservation.InProgress,

        // Past mending. Whoever watches it ends it: that is forward too, since the disks are the destination's by now.
        _ when IsLost(source, destination) => PivotObservation.InProgress,

        (Sighting.Alive, Sighting.Absent or Sighting.Ended) => PivotObservation.NotStarted,
        (Sighting.Absent or Sighting.HandedOver or Sighting.NoAnswer, Sighting.Alive or Sighting.Ended) => PivotObservation.Succeeded,
        (Sighting.Absent, Sighting.Absent) => PivotObservation.Failed,

        // An incoming guest without a job is on its way out; a silent host may be anything.
        _ => PivotObservation.Unknown,
    };

    /// <summary>
    /// True for a post-copy of which one half is gone: what the other half holds is not a whole guest and never will be. Both
    /// hosts must have answered.
    /// </summary>
    public static bool IsLost(Sighting source, Sighting destination) => (source, destination) is
        (Sighting.Absent, Sighting.Broken) or (Sighting.Broken, Sighting.Absent or Sighting.Ended);

    /// <summary>What an observation means at a migration's destination.</summary>
    /// <param name="guest">The observation.</param>
    /// <param name="migration">The migration: a definition that is off and carries its mark came with the guest.</param>
    public static Sighting AtDestination(this GuestObservation? guest, Guid migration) =>
        guest.ToSighting() is var sighting && sighting == Sighting.Absent && guest is { Persistent: true, Mark: { } mark } && mark.Migration == migration
            ? Sighting.Ended
            : sighting;

    /// <summary>What an observation means here.</summary>
    public static Sighting ToSighting(this GuestObservation? guest) => guest?.State switch
    {
        null or GuestState.Off or GuestState.Crashed or GuestState.Suspended => Sighting.Absent,
        GuestState.Incoming => Sighting.Incoming,
        GuestState.PausedMigrated or GuestState.PausedPostCopy => Sighting.HandedOver,
        GuestState.RunningPostCopy => Sighting.PostCopy,
        GuestState.PostCopyFailed => Sighting.Broken,
        _ => Sighting.Alive,
    };
}
