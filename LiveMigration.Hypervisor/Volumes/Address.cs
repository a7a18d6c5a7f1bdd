using System.Globalization;
using System.Text.RegularExpressions;

namespace LiveMigration.Hypervisor.Volumes;

/// <summary>A machine as settings name it: <c>[USER@]HOST[:PORT]</c>. Nothing else passes, so it may stand on a command line.</summary>
/// <param name="User">The user; null when none is named.</param>
/// <param name="Host">A name or an IP address, without brackets.</param>
/// <param name="Port">The port; null when none is named.</param>
internal sealed partial record Address(string? User, string Host, int? Port)
{
    /// <summary>It as a portal, in the one spelling that portals are compared in.</summary>
    internal string Portal => IscsiVolume.Portal(Host, Port);

    internal static Address? TryParse(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        var port = match.Groups["port"] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : (int?)null;
        return port is null or (>= 1 and <= 65535)
            ? new Address(match.Groups["user"] is { Success: true } user ? user.Value : null, match.Groups["host"].Value, port)
            : null;
    }

    [GeneratedRegex(
        @"^((?<user>[a-z_][a-z0-9_.-]{0,63})@)?(\[(?<host>[0-9A-Fa-f:.]+)\]|(?<host>[A-Za-z0-9]([A-Za-z0-9.-]{0,253})))(:(?<port>[0-9]{1,5}))?\z",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Form();
}
