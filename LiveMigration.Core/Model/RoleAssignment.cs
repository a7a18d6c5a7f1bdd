namespace LiveMigration.Core.Model;

/// <summary>A user has a role somewhere.</summary>
public sealed class RoleAssignment
{
    /// <summary>The one domain that there is; a role may be given in it as in a project.</summary>
    public const string Domain = "default";

    /// <summary>Who.</summary>
    public required string UserId { get; init; }

    /// <summary>Where: a project's id, or <see cref="Domain"/>.</summary>
    public required string ScopeId { get; init; }

    /// <summary>What.</summary>
    public required string RoleId { get; init; }
}
