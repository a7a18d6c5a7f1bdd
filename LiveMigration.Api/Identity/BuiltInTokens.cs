using LiveMigration.Api.Auth;

namespace LiveMigration.Api.Identity;

/// <summary>Tokens of the built-in identity service, and the admin's fixed one.</summary>
internal sealed class BuiltInTokens(AdminToken admin, IssuedTokens issued) : ITokenValidator
{
    public ValueTask<TokenGrant?> ValidateAsync(string token, CancellationToken ct) =>
        ValueTask.FromResult(TokenText.Hash(token) is { } hash ? issued.Find(hash) ?? admin.Find(hash) : null);
}
