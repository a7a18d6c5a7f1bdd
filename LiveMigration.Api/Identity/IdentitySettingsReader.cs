using System.Globalization;
using LiveMigration.Api.Audit;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Identity;

/// <summary>Reads the settings of identity and audit log.</summary>
internal static class IdentitySettingsReader
{
    /// <summary>Reads and checks them.</summary>
    /// <exception cref="InvalidSettings">One is wrong.</exception>
    public static IdentitySettings Read(IConfiguration configuration) => new(
        Text(configuration, "Identity:Region") ?? "RegionOne",
        TimeSpan.FromHours(Number(configuration, "Identity:TokenHours", 12, 1, 8760)),
        Keystone(configuration));

    /// <summary>Reads and checks those of the audit log.</summary>
    /// <exception cref="InvalidSettings">One is wrong.</exception>
    public static AuditSettings ReadAudit(IConfiguration configuration, string stateFolder) => new(
        Path.GetFullPath(Text(configuration, AuditFile.Setting) ?? Path.Combine(stateFolder, "audit.log")),
        Number(configuration, "Audit:MaxMegabytes", 16, 1, 4096) * 1024L * 1024,
        Number(configuration, "Audit:Files", 5, 1, 100));

    /// <summary>Under which address clients reach the program; null for the one of each request.</summary>
    /// <exception cref="InvalidSettings">It is no such address.</exception>
    public static string? PublicUrl(IConfiguration configuration) =>
        Text(configuration, "Api:PublicUrl") is { } url ? Address("Api:PublicUrl", url).ToString().TrimEnd('/') : null;

    private static KeystoneSettings? Keystone(IConfiguration configuration)
    {
        if (Text(configuration, "Identity:KeystoneUrl") is not { } url)
        {
            return null;
        }

        return new KeystoneSettings(
            Address("Identity:KeystoneUrl", url.TrimEnd('/')),
            Text(configuration, "Identity:KeystoneUser") ?? "nova",
            Text(configuration, "Identity:KeystonePasswordFile")
                ?? throw new InvalidSettings("Identity:KeystonePasswordFile is ''; allowed: the path of a file of mode 0600."),
            Text(configuration, "Identity:KeystoneProject") ?? "service",
            TimeSpan.FromSeconds(Number(configuration, "Identity:KeystoneCacheSeconds", 60, 0, 3600)));
    }

    private static Uri Address(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : throw new InvalidSettings($"{name} is no address of this kind; allowed: http://HOST[:PORT][/PATH] or https://…, without a user.");

    private static string? Text(IConfiguration configuration, string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];

    private static int Number(IConfiguration configuration, string key, int otherwise, int from, int to)
    {
        if (Text(configuration, key) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to
            ? number
            : throw new InvalidSettings($"{key} is '{text}'; allowed: {from} to {to}.");
    }
}
