namespace LiveMigration.Core.Model;

/// <summary>A word that policies ask for.</summary>
public sealed class Role
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The word, unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
}
