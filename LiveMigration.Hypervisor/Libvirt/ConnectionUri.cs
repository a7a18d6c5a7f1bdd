namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The URIs that one host is reached by: from the controller, and from another host.</summary>
internal static class ConnectionUri
{
    // What only makes sense on the controller's own machine; the rest describes the far end.
    private static readonly string[] ControllerOnly =
        ["keyfile", "command", "no_tty", "no_verify", "known_hosts", "known_hosts_verify", "sshauth", "pkipath", "tls_priority"];

    /// <summary>The scheme without an explicit external transport (<c>test+ext</c> is <c>test</c>).</summary>
    internal static string Driver(Uri uri) => uri.Scheme is "test+ext" or "test+unix" ? "test" : uri.Scheme;

    internal static IReadOnlyList<KeyValuePair<string, string>> Parameters(Uri uri) =>
        [.. uri.Query.TrimStart('?').Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries).Select(Split)];

    /// <summary>With the controller's own ssh command, if there is one.</summary>
    internal static string ForController(string text, string? sshCommand)
    {
        if (sshCommand is null)
            return text;
        var uri = new Uri(text);
        var kept = Parameters(uri).Where(p => p.Key is not ("command" or "no_tty" or "keyfile"));
        return Build(uri, [.. kept, new("command", sshCommand), new("no_tty", "1")]);
    }

    /// <summary>As another host has to write it, with that host's own ssh configuration.</summary>
    internal static string ForPeer(string text)
    {
        var uri = new Uri(text);
        return Build(uri, [.. Parameters(uri).Where(p => !ControllerOnly.Contains(p.Key, StringComparer.Ordinal))]);
    }

    /// <summary>The address in it, without brackets; empty for a local one.</summary>
    internal static string Address(string text) => new Uri(text).Host.Trim('[', ']');

    /// <summary>Where QEMU is to send memory to.</summary>
    internal static string ForMemory(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? $"tcp://[{address}]" : $"tcp://{address}";

    private static KeyValuePair<string, string> Split(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new(Uri.UnescapeDataString(pair), "")
            : new(Uri.UnescapeDataString(pair[..equals]), Uri.UnescapeDataString(pair[(equals + 1)..]));
    }

    private static string Build(Uri uri, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var bare = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.UserInfo | UriComponents.Path, UriFormat.UriEscaped);
        var query = string.Join('&', parameters.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
        return query.Length == 0 ? bare : $"{bare}?{query}";
    }
}
