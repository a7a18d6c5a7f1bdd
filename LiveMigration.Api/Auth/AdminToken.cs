using LiveMigration.Api.Identity;
using LiveMigration.Api.Settings;

namespace LiveMigration.Api.Auth;

/// <summary>The admin's fixed token, for scripts and for whoever is locked out: it holds as long as its file is as it is.</summary>
internal sealed class AdminToken(ApiSettings settings, TimeProvider time)
{
    /// <summary>The admin's id, and the name at log-in.</summary>
    public const string User = "admin";

    private readonly SecretFile _secret = SecretFile.Open("Auth:TokenFile", settings.TokenFile);
    private readonly DateTime _start = time.GetUtcNow().UtcDateTime;

    /// <summary>What the token with this hash says; null when it is another.</summary>
    public TokenGrant? Find(string hash) => !_secret.HasHash(hash) ? null : new TokenGrant(
        User, settings.ProjectId, RoleNames.OfAdmin, "password", "fixed", _start, time.GetUtcNow().UtcDateTime + settings.Identity.TokenLifetime);
}
