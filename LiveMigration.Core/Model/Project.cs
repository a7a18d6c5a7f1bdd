namespace LiveMigration.Core.Model;

/// <summary>What servers belong to, and what roles are given in.</summary>
public sealed class Project
{
    /// <summary>The id that tokens and records carry: 32 digits 0–9 a–f.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique.</summary>
    public required string Name { get; set; }

    /// <summary>What it is for.</summary>
    public string Description { get; set; } = "";

    /// <summary>False shuts everybody out of it at once.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}
