using System.Text.Json;

namespace LiveMigration.Lab;

/// <summary>Two real hypervisors on this machine, and the levers to disturb them.</summary>
public sealed class LabCluster : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<string, string?> _environment;

    private LabCluster(Dictionary<string, string?> environment, LabDescription description)
    {
        _environment = environment;
        Description = description;
    }

    /// <summary>All that <c>lab/up</c> tells about the lab.</summary>
    public LabDescription Description { get; private set; }

    /// <summary>Both hosts, <c>host-a</c> first.</summary>
    public IReadOnlyList<LabHost> Hosts => Description.Hosts;

    /// <summary>The host <c>host-a</c>.</summary>
    public LabHost HostA => Hosts[0];

    /// <summary>The host <c>host-b</c>.</summary>
    public LabHost HostB => Hosts[1];

    /// <summary>The settings with which a controller finds this lab.</summary>
    public string AppSettingsFile => Path.Combine(Description.Folder, "appsettings.lab.json");

    /// <summary>Whether this machine can have a lab at all: Linux, root, and the packages.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux()
        && Environment.IsPrivilegedProcess
        && File.Exists("/usr/sbin/libvirtd")
        && File.Exists("/usr/bin/qemu-system-x86_64");

    /// <summary>Brings the lab of that name up, or mends it.</summary>
    /// <param name="folder">Its folder; without one, the default of <c>lab/up</c>.</param>
    public static async Task<LabCluster> UpAsync(
        string name, CancellationToken cancellationToken, string? folder = null)
    {
        folder ??= $"/var/tmp/livemigration-{name}";
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LM_LAB"] = name,
            ["LM_LAB_DIR"] = folder,
        };
        await Shell.DemandAsync(Repository.LabCommand("up"), [], cancellationToken, environment);
        return new LabCluster(environment, await ReadAsync(folder, cancellationToken));
    }

    /// <summary>Mends whatever is broken, by <c>lab/up</c>.</summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        await RunAsync("up", [], cancellationToken);
        Description = await ReadAsync(Description.Folder, cancellationToken);
    }

    /// <summary>Removes the lab with all its guests.</summary>
    public Task DownAsync(CancellationToken cancellationToken) => RunAsync("down", [], cancellationToken);

    /// <summary>Pulls the host's cable.</summary>
    public Task CutAsync(LabHost host, CancellationToken cancellationToken) =>
        RunAsync("cut", [NameOf(host)], cancellationToken);

    /// <summary>Plugs the host's cable in again.</summary>
    public Task HealAsync(LabHost host, CancellationToken cancellationToken) =>
        RunAsync("heal", [NameOf(host)], cancellationToken);

    /// <summary>Limits the host's link.</summary>
    /// <param name="rate">A rate as <c>tc</c> knows it (<c>100mbit</c>); <see langword="null"/>: no limit.</param>
    public Task SlowAsync(LabHost host, string? rate, CancellationToken cancellationToken) =>
        RunAsync("slow", [NameOf(host), rate ?? "off"], cancellationToken);

    /// <summary>Kills a daemon as a crash would.</summary>
    public Task KillAsync(LabHost host, LabDaemon daemon, CancellationToken cancellationToken) =>
        RunAsync("kill", [NameOf(host), NameOf(daemon)], cancellationToken);

    /// <summary>Starts a daemon and waits until it answers.</summary>
    public Task StartDaemonAsync(LabHost host, LabDaemon daemon, CancellationToken cancellationToken) =>
        RunAsync("start", [NameOf(host), NameOf(daemon)], cancellationToken);

    /// <summary>Freezes a daemon: it lives, but answers no more.</summary>
    public Task HangAsync(LabHost host, LabDaemon daemon, CancellationToken cancellationToken) =>
        RunAsync("hang", [NameOf(host), NameOf(daemon)], cancellationToken);

    /// <summary>Lets a frozen daemon go on.</summary>
    public Task ResumeAsync(LabHost host, LabDaemon daemon, CancellationToken cancellationToken) =>
        RunAsync("resume", [NameOf(host), NameOf(daemon)], cancellationToken);

    /// <summary>Makes a volume that lets nobody in.</summary>
    /// <returns>Its target's name.</returns>
    public async Task<string> NewVolumeAsync(string name, CancellationToken cancellationToken)
    {
        await RunAsync("volume", ["new", name], cancellationToken);
        return $"iqn.2026-11.dev.livemigration:{name}";
    }

    /// <summary>Removes a volume.</summary>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        RunAsync("volume", ["remove", name], cancellationToken);

    /// <summary>Runs a command on a host: in its network, with its files, under its name.</summary>
    public Task<ShellResult> EnterAsync(
        LabHost host, IEnumerable<string> command, CancellationToken cancellationToken) =>
        Shell.RunAsync(Repository.LabCommand("enter"), [NameOf(host), .. command], cancellationToken, _environment);

    /// <summary>Takes the lab down.</summary>
    public async ValueTask DisposeAsync() => await DownAsync(CancellationToken.None);

    internal Task<string> RunAsync(string command, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Shell.DemandAsync(Repository.LabCommand(command), arguments, cancellationToken, _environment);

    internal LabHost HostNamed(string name) =>
        Hosts.Single(host => string.Equals(host.Name, name, StringComparison.Ordinal));

    private static async Task<LabDescription> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path.Combine(folder, "lab.json"));
        return await JsonSerializer.DeserializeAsync<LabDescription>(file, _json, cancellationToken)
            ?? throw new InvalidOperationException($"{file.Name} is empty");
    }

    private static string NameOf(LabHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Name;
    }

    private static string NameOf(LabDaemon daemon) => daemon == LabDaemon.Libvirtd ? "libvirtd" : "sshd";
}
