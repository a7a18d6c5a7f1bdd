namespace LiveMigration.Core.Model;

/// <summary>A token that was given out and has not ended. The token itself is nowhere: who reads this row can't use it.</summary>
public sealed class IssuedToken
{
    /// <summary>SHA-256 of the token, in hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary>Where it holds: a project's id, <see cref="RoleAssignment.Domain"/>, or null for an unscoped one.</summary>
    public string? ScopeId { get; init; }

    /// <summary>How it was got, in Keystone's words, separated by commas.</summary>
    public required string Methods { get; init; }

    /// <summary>Its own audit id and that of the first of its chain, separated by a comma.</summary>
    public required string AuditIds { get; init; }

    /// <summary>When it was given out, UTC.</summary>
    public required DateTime IssuedAt { get; init; }

    /// <summary>When it ends, UTC.</summary>
    public required DateTime ExpiresAt { get; init; }
}
