namespace LiveMigration.Core.Settings;

/// <summary>Whom adopted guests belong to.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="UserId">The user.</param>
public sealed record AdoptionDefaults(string ProjectId, string UserId);
