using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;

namespace LiveMigration.Simulation;

/// <summary>A history to be played: the cloud as it begins, the controller's settings, and what happens when.</summary>
internal sealed record Script(long Seed, SimulatedCloudOptions Cloud, LiveMigrationSettings Settings, IReadOnlyList<ScriptEvent> Events);

/// <summary>Something that happens at an instant.</summary>
/// <param name="At">Since the beginning.</param>
internal abstract record ScriptEvent(TimeSpan At)
{
    // --- what clients ask for

    internal sealed record Migrate(TimeSpan At, Guid Guest, string? Host, BlockMigration Block, TransferOverrides? Options) : ScriptEvent(At);

    /// <summary>Aborts the guest's latest migration.</summary>
    internal sealed record Abort(TimeSpan At, Guid Guest) : ScriptEvent(At);

    /// <summary>Completes the guest's latest migration by force.</summary>
    internal sealed record Force(TimeSpan At, Guid Guest) : ScriptEvent(At);

    /// <summary>Has the guest switched on or off, paused, and so on.</summary>
    internal sealed record Power(TimeSpan At, Guid Guest, PowerAction Action) : ScriptEvent(At);

    /// <summary>Calls the guest ACTIVE, or ERROR.</summary>
    internal sealed record Reset(TimeSpan At, Guid Guest, bool Error) : ScriptEvent(At);

    internal sealed record Delete(TimeSpan At, Guid Guest) : ScriptEvent(At);

    // --- what happens to the controller

    /// <summary>Somebody sets the controller's clock.</summary>
    internal sealed record ClockJump(TimeSpan At, TimeSpan By) : ScriptEvent(At);

    /// <summary>The controller dies at its n-th step from here, and is started again some time after that.</summary>
    internal sealed record Crash(TimeSpan At, int Steps, TimeSpan Down) : ScriptEvent(At);

    /// <summary>The disk under the controller's state file is full, or can't be read, for a while.</summary>
    internal sealed record StateFails(TimeSpan At, StateTrouble Trouble, TimeSpan For) : ScriptEvent(At);

    // --- what happens to the cloud

    /// <summary>A guest's operator pauses or resumes it on whatever host it runs.</summary>
    internal sealed record Pause(TimeSpan At, Guid Guest, TimeSpan For) : ScriptEvent(At);

    /// <summary>The guest shuts itself down, or its QEMU dies, wherever it runs.</summary>
    internal sealed record GuestEnds(TimeSpan At, Guid Guest) : ScriptEvent(At);

    internal sealed record KillLibvirtd(TimeSpan At, string Host, TimeSpan For) : ScriptEvent(At);

    internal sealed record CutControl(TimeSpan At, string Host, TimeSpan For) : ScriptEvent(At);

    internal sealed record CutLink(TimeSpan At, string A, string B, TimeSpan For) : ScriptEvent(At);

    internal sealed record BreakStreams(TimeSpan At, string A, string B) : ScriptEvent(At);

    internal sealed record Slow(TimeSpan At, string Host, TimeSpan Delay, TimeSpan For) : ScriptEvent(At);

    internal sealed record Refuse(TimeSpan At, string Host, SimulatedOperation Operation) : ScriptEvent(At);

    internal sealed record LoseReply(TimeSpan At, string Host, SimulatedOperation Operation) : ScriptEvent(At);

    internal sealed record FillDisk(TimeSpan At, string Host) : ScriptEvent(At);

    internal sealed record CutStorage(TimeSpan At, TimeSpan For) : ScriptEvent(At);

    /// <summary>A whole host dies with all its guests, and is back later.</summary>
    internal sealed record HostDies(TimeSpan At, string Host, TimeSpan For) : ScriptEvent(At);
}
