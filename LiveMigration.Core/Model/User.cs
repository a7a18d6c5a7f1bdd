namespace LiveMigration.Core.Model;

/// <summary>Somebody who can log in.</summary>
public sealed class User
{
    /// <summary>The id that tokens and records carry.</summary>
    public required string Id { get; init; }

    /// <summary>The name that is logged in with, unique.</summary>
    public required string Name { get; set; }

    /// <summary>A slow, salted hash; null for a user that can't log in by password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>False shuts the user out at once.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The project of a log-in that names none.</summary>
    public string? DefaultProjectId { get; set; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>Where the user reads mail; nothing is sent there.</summary>
    public string? Email { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}
