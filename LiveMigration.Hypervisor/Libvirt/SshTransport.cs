using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Makes libvirt's ssh use the controller's own key and known hosts. libvirt's URI has no place for known hosts, so it
/// is handed a wrapper that starts ssh with a configuration of ours. Host keys are always checked.
/// </summary>
internal sealed class SshTransport(LibvirtOptions options)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The URI to open, its wrapper written; the same URI for hosts not reached by ssh.</summary>
    internal string Prepare(HostOptions host)
    {
        if (new Uri(host.Uri).Scheme is not "qemu+ssh")
            return host.Uri;
        return ConnectionUri.ForController(host.Uri, PrepareCommand(host));
    }

    /// <summary>The command that is ssh with our configuration for this machine, written.</summary>
    internal string PrepareCommand(HostOptions host)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("ssh needs a Unix machine to run the controller on.");
        var folder = FolderOf(host);
        Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
        var configuration = Path.Combine(folder, "config");
        var wrapper = Path.Combine(folder, "ssh");
        Write(configuration, Configuration(host, options));
        Write(wrapper, Wrapper(configuration));
        return wrapper;
    }

    internal static string Configuration(HostOptions host, LibvirtOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Written by LiveMigration for host {host.Name}; changes are lost.\nHost *\n");
        Add("StrictHostKeyChecking", "yes");
        if ((host.KnownHostsFile ?? options.Ssh.KnownHostsFile) is { } known)
            Add("UserKnownHostsFile", Quote(known));
        Add("GlobalKnownHostsFile", "/dev/null");
        Add("UpdateHostKeys", "no");
        if ((host.KeyFile ?? options.Ssh.KeyFile) is { } key)
        {
            Add("IdentityFile", Quote(key));
            Add("IdentitiesOnly", "yes");
        }

        Add("BatchMode", "yes");
        Add("ConnectTimeout", options.ConnectTimeoutSeconds.ToString(CultureInfo.InvariantCulture));
        Add("ServerAliveInterval", options.KeepAliveSeconds.ToString(CultureInfo.InvariantCulture));
        Add("ServerAliveCountMax", options.KeepAliveCount.ToString(CultureInfo.InvariantCulture));
        Add("ForwardAgent", "no");
        Add("ForwardX11", "no");
        Add("ControlMaster", "no");
        Add("ControlPath", "none");
        Add("LogLevel", "ERROR");
        return text.ToString();

        void Add(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"    {name} {value}\n");
    }

    internal static string Wrapper(string configuration) =>
        $"#!/bin/sh\nexec ssh -F '{configuration.Replace("'", "'\\''", StringComparison.Ordinal)}' \"$@\"\n";

    // Names may be as long as a file name may be, and may be "..": a digest is neither.
    private string FolderOf(HostOptions host)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(host.Name));
        return Path.Combine(Path.GetFullPath(options.StateFolder), "ssh", Convert.ToHexStringLower(digest.AsSpan(0, 8)));
    }

    // ssh expands '%' in paths.
    private static string Quote(string path) => $"\"{Path.GetFullPath(path).Replace("%", "%%", StringComparison.Ordinal)}\"";

    // Renamed into place: a wrapper that is being executed can't be written to.
    [UnsupportedOSPlatform("windows")]
    private static void Write(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
        }

        File.Move(temporary, path, overwrite: true);
    }
}
