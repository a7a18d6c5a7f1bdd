using LiveMigration.Api.Settings;
using LiveMigration.Core.Model;
using Microsoft.Extensions.Primitives;

namespace LiveMigration.Api.Auth;

/// <summary>The one token, and who holds it.</summary>
internal sealed class AdminToken(ApiSettings settings)
{
    /// <summary>The one user's id.</summary>
    public const string User = "admin";

    private readonly SecretFile _secret = SecretFile.Open("Auth:TokenFile", settings.TokenFile);

    /// <summary>Who asks; null when the token is missing or wrong.</summary>
    public Caller? Identify(StringValues header, string requestId) =>
        header.Count == 1 && _secret.Matches(header[0]) ? new Caller(requestId, User, settings.ProjectId, IsAdmin: true) : null;
}
