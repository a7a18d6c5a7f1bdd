using System.Collections.Frozen;
using System.Globalization;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Settings;

/// <summary>Every setting by name, default and meaning: for <c>--help</c>, and to tell a wrong name from a right one.</summary>
internal static class SettingsTable
{
    private static readonly LiveMigrationSettings Defaults = new();

    private static readonly FrozenDictionary<string, string> Meanings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [nameof(Defaults.DowntimeMs)] = "ms, 100 to 3600000: longest stand-still at the switch-over",
        [nameof(Defaults.FirstDowntimeMs)] = "ms tried in the first 3 s, 0 to 10000, 0 = begin with the steps",
        [nameof(Defaults.DowntimeSteps)] = "steps to reach that, 3 to 1000",
        [nameof(Defaults.DowntimeDelaySecondsPerGiB)] = "s for each GiB between two steps, 3 to 86400",
        [nameof(Defaults.CompletionTimeoutSecondsPerGiB)] = "s for each GiB until TimeoutAction, 0 to 86400, 0 = never",
        [nameof(Defaults.TimeoutAction)] = "abort or force_complete",
        [nameof(Defaults.StalledTimeoutSeconds)] = "s without a byte until a copy is given up, 0 to 86400, 0 = never",
        [nameof(Defaults.AutoConvergeInitialPercent)] = "%, 0 to 99: slowed down by this at first, 0 = QEMU's choice",
        [nameof(Defaults.AutoConvergeIncrementPercent)] = "%, 0 to 99: and by this more each time, 0 = QEMU's choice",
        [nameof(Defaults.PostCopyBandwidthMiBps)] = "MiB/s in post-copy, 0 = no bound",
        [nameof(Defaults.ParallelConnections)] = "streams for the memory, 1 to 255",
        [nameof(Defaults.Compression)] = "none, xbzrle, mt; zlib or zstd with parallel connections",
        [nameof(Defaults.NativeTls)] = "true or false: QEMU encrypts the stream",
        [nameof(Defaults.Tunnelled)] = "true or false: through the libvirt daemons' connection",
        [nameof(Defaults.PermitPostCopy)] = "true or false: may finish by post-copy",
        [nameof(Defaults.PermitAutoConverge)] = "true or false: may slow the guest down",
        [nameof(Defaults.BandwidthMiBps)] = "MiB/s, 0 = no bound",
        [nameof(Defaults.WaitForVifPlug)] = "hold, slow or off: wait until the destination has plugged the guest in",
        [nameof(Defaults.VifPluggingTimeoutSeconds)] = "s to wait for that, 0 to 86400, 0 = not at all",
        [nameof(Defaults.VifPluggingIsFatal)] = "true or false: the move ends then",
        [nameof(Defaults.PollIntervalMs)] = "ms between two looks at a transfer, 20 to 10000",
        [nameof(Defaults.MonitorIntervalMs)] = "ms between two progress records, 100 to 60000",
        [nameof(Defaults.MaxConcurrentPerSource)] = "moves out of one host at a time, 1 to 1000",
        [nameof(Defaults.MaxConcurrentPerDestination)] = "moves into one host at a time, 1 to 1000",
        [nameof(Defaults.MaxConcurrent)] = "moves in the whole cloud at a time, 1 to 1000",
        [nameof(Defaults.MigrateMaxRetries)] = "further hosts to try, -1 = all",
        [nameof(Defaults.ReservedHostMemoryMiB)] = "MiB left to a host itself",
        [nameof(Defaults.RamAllocationRatio)] = "factor of a host's memory that may be promised, above 0, at most 16",
        [nameof(Defaults.ReportIntervalSeconds)] = "s between two signs of life of a host, 1 to 60",
        [nameof(Defaults.SweepIntervalSeconds)] = "s between two comparisons of all guests, 5 to 3600",
        [nameof(Defaults.AuditIntervalSeconds)] = "s between two audits of all hosts and records, 30 to 86400",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The settings, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Urls", "http://127.0.0.1:8774", "where the API listens; several separated by ;"),
        new("State:Folder", "$STATE_DIRECTORY or ./var", "folder of database, token and password; made with mode 0700"),
        new("Database:Path", "<State:Folder>/livemigration.db", "the SQLite file"),
        new("Auth:TokenFile", "<State:Folder>/admin-token", "file with the admin's token, made if missing, mode 0600"),
        new("Auth:DashboardPasswordFile", "<State:Folder>/dashboard-password", "file with the password of the dashboard's user admin, made if missing, mode 0600"),
        new("Auth:ProjectId", SettingsReader.DefaultProject, "the project that guests belong to: 32 digits 0-9 a-f"),
        new("Api:PublicUrl", "that of each request", "address under which clients reach the API, e.g. behind a proxy: https://cloud.example"),
        new("Identity:Region", "RegionOne", "name of the one region in the catalog"),
        new("Identity:TokenHours", "12", "h that a token holds, 1 to 8760"),
        new("Identity:KeystoneUrl", "", "another Keystone that is asked instead of the built-in one, https://keystone.example/v3"),
        new("Identity:KeystoneUser", "nova", "user that asks it"),
        new("Identity:KeystonePasswordFile", "", "file with that user's password, mode 0600"),
        new("Identity:KeystoneProject", "service", "project of that user's role"),
        new("Identity:KeystoneCacheSeconds", "60", "s that its answers are taken for true, 0 to 3600"),
        new("Policy:File", "", "operator's policy file, YAML or JSON; what it does not name is as the default is"),
        new("Audit:File", "<State:Folder>/audit.log", "file of who was let change something and who was not"),
        new("Audit:MaxMegabytes", "16", "MiB it grows to before it is put aside, 1 to 4096"),
        new("Audit:Files", "5", "files kept in all, 1 to 100"),
        new("Controller:TakeOverFrom", "", "id of a controller whose hosts this one takes over at its start, as the alert names it; several separated by commas; any for test beds"),
        new("Jobs:Workers", "20", "migrations driven at the same time, 1 to 200"),
        new("Hosts:N:Name", "", "name of libvirt host number N (from 0); without Hosts a simulated cluster is used"),
        new("Hosts:N:Uri", "", "its libvirt URI, qemu+ssh://root@host-a/system"),
        new("Hosts:N:MigrationAddress", "", "where other hosts reach it for the transfer"),
        new("Hosts:N:GraphicsListen", "", "where VNC and SPICE of guests listen that arrive there, without it as before"),
        new("Hosts:N:Bridges:NAME", "", "this host's bridge that is NAME to all hosts, for bridges not called alike everywhere"),
        new("Hosts:N:InitiatorAddress", "<MigrationAddress>", "IP address that storage servers see it come from"),
        new("Hosts:N:KeyFile", "<Ssh:KeyFile>", "SSH key for this host"),
        new("Hosts:N:KnownHostsFile", "<Ssh:KnownHostsFile>", "known hosts for this host"),
        .. typeof(TransferOverrides).GetProperties().Select(property => new Setting(
            $"Hosts:N:{LiveMigrationSettings.Section}:{property.Name}", $"<{LiveMigrationSettings.Section}:{property.Name}>", "the same for moves out of this host")),
        new("Ssh:KeyFile", "", "SSH key for all hosts"),
        new("Ssh:KnownHostsFile", "", "known hosts for all hosts"),
        new("Images:Folder", "<State:Folder>/images", "folder of the images that servers can be made of"),
        new("Servers:DiskFolder", ServerSettingsReader.DefaultDiskFolder, "folder of the hosts for the disks of servers, the same on all of them"),
        new("Servers:MaxAttempts", "3", "hosts that a server is tried to be made on, 1 to 100"),
        new("Servers:Emulator", "", "path of the QEMU on the hosts that servers run with, without it each host's own choice"),
        new("Servers:VirtType", "", "kvm or qemu (emulated processors), without it each host's own choice"),
        new("Networks:N:Name", "", "name of network number N (from 0) that servers can be plugged into"),
        new("Networks:N:Bridge", "", "its bridge, by the name that all hosts agree upon"),
        new("Networks:N:Id", "<made of its name>", "its id, a UUID"),
        new("Networks:N:Mtu", "1500", "its largest packet, 68 to 65535"),
        new("Networks:N:Cidr", "", "the addresses in use there, for clients to see: 10.0.0.0/24"),
        new("Volumes:N:Portal", "", "iSCSI server (tgtd) whose access lists follow the guests, as their definitions name it: 10.0.0.5:3260"),
        new("Volumes:N:Ssh", "", "where its tgtadm is run, root@10.0.0.5; without it on this machine"),
        new("Volumes:N:ControlPort", "0", "control port of its tgtd, 0 to 32767"),
        .. typeof(LiveMigrationSettings).GetProperties().Select(property => Move(property.Name)),
        new("Power:ShutdownTimeoutSeconds", "60", "s a guest may take to shut down before it is switched off, 0 to 3600, 0 = at once"),
        new("Power:SoftRebootTimeoutSeconds", "120", "s a soft reboot may take before it becomes a hard one, 0 to 3600"),
        new("Notifications:Format", "unversioned", "unversioned, versioned or both"),
        new("Notifications:NotifyOnStateChange", "False", "true or false: also tell when the task state changes"),
        new("Notifications:KeepHours", "72", "h that a notification is kept for a sink that does not take it, 1 to 8760"),
        new("Notifications:KeepRows", "100000", "notifications kept for such a sink, 100 to 10000000"),
        new("Notifications:Sinks:Log", "False", "true or false: notifications go to the log; without any sink none are made"),
        new("Notifications:Sinks:Webhook:Url", "", "notifications are posted there, http or https"),
        new("Notifications:Sinks:Webhook:SecretFile", "", "file with the key of the signatures, mode 0600"),
        new("Notifications:Sinks:Webhook:TimeoutSeconds", "5", "s an answer may take, 1 to 25"),
        new("Notifications:Sinks:RabbitMq:Url", "", "notifications are published there, amqp://USER@HOST:PORT/VHOST"),
        new("Notifications:Sinks:RabbitMq:PasswordFile", "", "file with that user's password, mode 0600"),
        new("Notifications:Sinks:RabbitMq:Exchange", "nova", "the topic exchange"),
        new("Notifications:Sinks:RabbitMq:Topic", "notifications", "of unversioned ones; .info or .error is added"),
        new("Notifications:Sinks:RabbitMq:VersionedTopic", "versioned_notifications", "of versioned ones"),
        new("Notifications:Sinks:RabbitMq:Durable", "False", "true or false: exchange and queues outlive a restart of the server"),
    ];

    /// <summary>The text of <c>--help</c>.</summary>
    public static string Help(string version)
    {
        var width = All.Max(setting => setting.Name.Length) + 2;
        var lines = All.Select(setting =>
            $"  {setting.Name.PadRight(width)}{setting.Meaning}{(setting.Default.Length > 0 ? $" [{setting.Default}]" : "")}");
        return $"""
            LiveMigration {version}: moves running guests between libvirt hosts.

            livemigration                     starts the controller
            livemigration --config FILE       the same, with settings of a JSON file
            livemigration --Name=VALUE        the same, with one setting changed
            livemigration backup --to FILE    copies the state database while the controller works, with the same settings
            livemigration --version           prints the version
            livemigration --help              prints this

            Settings, with [defaults]. In JSON "A:B" is B inside of A; in the environment it is {SettingsSource.Prefix}A__B.
            Later wins: appsettings.json beside the program, --config, environment, command line.

            {string.Join(Environment.NewLine, lines)}
              {"Logging:LogLevel:NAME".PadRight(width)}Trace, Debug, Information, Warning, Error or None

            Exit codes: 0 ended as asked, 2 a setting is wrong, 3 the address is taken.
            """;
    }

    private static Setting Move(string name) => new(
        $"{LiveMigrationSettings.Section}:{name}",
        Convert.ToString(typeof(LiveMigrationSettings).GetProperty(name)!.GetValue(Defaults), CultureInfo.InvariantCulture)!,
        Meanings.GetValueOrDefault(name, ""));
}

/// <summary>One setting.</summary>
/// <param name="Name">Its key; N stands for a number.</param>
/// <param name="Default">What holds when it is not given.</param>
/// <param name="Meaning">What it does, with its unit and bounds.</param>
internal sealed record Setting(string Name, string Default, string Meaning);
