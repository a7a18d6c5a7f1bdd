namespace LiveMigration.Lab;

/// <summary>A host that knows a guest, and the state in which it has it (<c>running</c>, <c>paused</c>, …).</summary>
public sealed record GuestPlace(LabHost Host, string State);
