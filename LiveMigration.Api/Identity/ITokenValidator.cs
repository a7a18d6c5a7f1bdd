namespace LiveMigration.Api.Identity;

/// <summary>Says of a token whether it holds, and for what.</summary>
internal interface ITokenValidator
{
    /// <summary>What the token says; null when it does not hold.</summary>
    ValueTask<TokenGrant?> ValidateAsync(string token, CancellationToken ct);
}
