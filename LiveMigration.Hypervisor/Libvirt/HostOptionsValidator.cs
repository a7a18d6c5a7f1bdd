using System.Globalization;
using System.Text.RegularExpressions;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Says what is wrong with the settings before anything is connected.</summary>
public static partial class HostOptionsValidator
{
    private static readonly string[] Schemes = ["qemu+ssh", "qemu+unix", "qemu", "test"];

    /// <summary>One message for each fault, naming the setting, its value and what is allowed; empty when all is well.</summary>
    public static IReadOnlyList<string> Validate(LibvirtOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        CheckNumber(faults, nameof(options.KeepAliveSeconds), options.KeepAliveSeconds, 1, 3600);
        CheckNumber(faults, nameof(options.KeepAliveCount), options.KeepAliveCount, 1, 100);
        CheckNumber(faults, nameof(options.ConnectTimeoutSeconds), options.ConnectTimeoutSeconds, 1, 600);
        CheckNumber(faults, nameof(options.CallsAtOnce), options.CallsAtOnce, 1, 32);
        CheckNumber(faults, nameof(options.CallTimeoutSeconds), options.CallTimeoutSeconds, 1, 3600);
        if (string.IsNullOrWhiteSpace(options.StateFolder))
            faults.Add($"{nameof(options.StateFolder)} is '{options.StateFolder}': a folder is needed.");
        CheckFile(faults, "Ssh:KeyFile", options.Ssh.KeyFile);
        CheckFile(faults, "Ssh:KnownHostsFile", options.Ssh.KnownHostsFile);
        for (var i = 0; i < options.Hosts.Count; i++)
            CheckHost(faults, string.Create(CultureInfo.InvariantCulture, $"Hosts:{i}"), options.Hosts[i]);
        foreach (var name in options.Hosts.GroupBy(h => h.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            faults.Add($"Hosts: the name '{name.Key}' occurs {name.Count()} times; every host needs a name of its own.");
        faults.AddRange(VolumeOptionsValidator.Validate(options));
        return faults;
    }

    private static void CheckHost(List<string> faults, string setting, HostOptions host)
    {
        if (!NamePattern().IsMatch(host.Name))
            faults.Add($"{setting}:Name is '{host.Name}'; allowed are 1 to 255 letters, digits, '-', '.' and '_'.");
        if (host.MigrationAddress is { } address && !AddressPattern().IsMatch(address))
            faults.Add($"{setting}:MigrationAddress is '{address}'; allowed is a host name or an IP address without brackets or port.");
        if (host.GraphicsListen is { } listen && !System.Net.IPAddress.TryParse(listen, out _))
            faults.Add($"{setting}:GraphicsListen is '{listen}'; allowed is an IP address.");
        foreach (var (name, bridge) in host.Bridges.Where(pair => !LinkPattern().IsMatch(pair.Value)))
            faults.Add($"{setting}:Bridges:{name} is '{bridge}'; allowed is the name of a bridge, 1 to 15 characters without blanks and '/'.");
        foreach (var bridge in host.Bridges.Values.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.Add($"{setting}:Bridges names '{bridge.Key}' {bridge.Count()} times; each bridge has one common name.");
        CheckFile(faults, $"{setting}:KeyFile", host.KeyFile);
        CheckFile(faults, $"{setting}:KnownHostsFile", host.KnownHostsFile);
        CheckUri(faults, $"{setting}:Uri", host.Uri);
    }

    private static void CheckUri(List<string> faults, string setting, string text)
    {
        if (!System.Uri.TryCreate(text, UriKind.Absolute, out var uri) || !Schemes.Contains(ConnectionUri.Driver(uri), StringComparer.Ordinal))
        {
            faults.Add($"{setting} is '{text}'; allowed are qemu+ssh://[user@]host[:port]/system and, for tests, "
                + "qemu:///system, qemu+unix:///system and test:///default.");
            return;
        }

        if (uri.Scheme is "qemu+ssh" && uri.Host.Length == 0)
            faults.Add($"{setting} is '{text}'; qemu+ssh needs a host.");
        if (uri.Scheme is "qemu" && uri.Host.Length != 0)
            faults.Add($"{setting} is '{text}'; qemu:// with a host would use TLS, allowed is qemu+ssh://.");
        if (!string.IsNullOrEmpty(uri.UserInfo) && uri.UserInfo.Contains(':', StringComparison.Ordinal))
            faults.Add($"{setting} holds a password; give ssh a key instead.");
        if (ConnectionUri.Parameters(uri).Any(p => p.Key is "no_verify" or "known_hosts_verify"))
            faults.Add($"{setting} is '{text}'; host keys are always checked, no_verify and known_hosts_verify are not allowed.");
    }

    private static void CheckFile(List<string> faults, string setting, string? path)
    {
        if (path is not null && !File.Exists(path))
            faults.Add($"{setting} is '{path}'; there is no such file.");
    }

    private static void CheckNumber(List<string> faults, string setting, int value, int least, int most)
    {
        if (value < least || value > most)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{setting} is {value}; allowed are {least} to {most}."));
    }

    [GeneratedRegex(@"^[a-zA-Z0-9\-._]{1,255}\z", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[^\s/]{1,15}\z", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"^[\w\-\.:]+\z", RegexOptions.None, 1000)]
    private static partial Regex AddressPattern();
}
