namespace LiveMigration.Api.Identity;

/// <summary>Who may log in, and for how long.</summary>
/// <param name="Region">The one region's name in the catalog.</param>
/// <param name="TokenLifetime">How long a token holds.</param>
/// <param name="Keystone">Another Keystone that is asked instead; null for the built-in one.</param>
internal sealed record IdentitySettings(string Region, TimeSpan TokenLifetime, KeystoneSettings? Keystone);

/// <summary>A Keystone that tokens are checked with.</summary>
/// <param name="Url">Its address with the version, <c>https://keystone.example/v3</c>.</param>
/// <param name="User">The user that asks it.</param>
/// <param name="PasswordFile">That user's password.</param>
/// <param name="Project">The project of that user's role.</param>
/// <param name="CacheLifetime">How long an answer is taken for true.</param>
internal sealed record KeystoneSettings(Uri Url, string User, string PasswordFile, string Project, TimeSpan CacheLifetime);
