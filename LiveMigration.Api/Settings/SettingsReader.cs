using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Notifications;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Settings;

/// <summary>Makes the settings of a configuration, and refuses a wrong one with one line that says what is allowed.</summary>
internal static partial class SettingsReader
{
    /// <summary>The project when none is configured.</summary>
    public const string DefaultProject = "6c697665206d6967726174696f6e2121";

    /// <summary>Reads and checks all of them.</summary>
    /// <exception cref="InvalidSettings">The first that is wrong.</exception>
    public static ApiSettings Read(IConfiguration configuration)
    {
        UnknownSettings.Refuse(configuration);
        var state = StateFolder(configuration);
        var liveMigration = LiveMigration(configuration);
        var hosts = Hosts(configuration, liveMigration);
        var settings = new ApiSettings
        {
            Urls = Urls(configuration),
            StateFolder = state,
            DatabasePath = Path.GetFullPath(Text(configuration, "Database:Path") ?? Path.Combine(state, "livemigration.db")),
            TokenFile = Path.GetFullPath(Text(configuration, "Auth:TokenFile") ?? Path.Combine(state, "admin-token")),
            DashboardPasswordFile = Path.GetFullPath(
                Text(configuration, "Auth:DashboardPasswordFile") ?? Path.Combine(state, "dashboard-password")),
            ProjectId = Project(configuration),
            Workers = Workers(configuration),
            Hosts = hosts,
            Servers = ServerSettingsReader.Read(configuration, state, isSimulated: hosts.Count == 0),
            Ssh = new SshSettings(Text(configuration, "Ssh:KeyFile"), Text(configuration, "Ssh:KnownHostsFile")),
            Volumes = Volumes(configuration),
            LiveMigration = liveMigration,
            Controller = Controller(configuration),
            Power = new PowerSettings
            {
                ShutdownTimeoutSeconds = Seconds(configuration, "Power:ShutdownTimeoutSeconds", new PowerSettings().ShutdownTimeoutSeconds),
                SoftRebootTimeoutSeconds = Seconds(configuration, "Power:SoftRebootTimeoutSeconds", new PowerSettings().SoftRebootTimeoutSeconds),
            },
            Notifications = NotificationSettingsReader.Read(configuration),
            Sinks = NotificationSettingsReader.ReadSinks(configuration),
            PublicUrl = IdentitySettingsReader.PublicUrl(configuration),
            Identity = IdentitySettingsReader.Read(configuration),
            PolicyFile = Text(configuration, PolicyFile.Setting) is { } policy ? Path.GetFullPath(policy) : null,
            Audit = IdentitySettingsReader.ReadAudit(configuration, state),
        };
        return settings;
    }

    private static string? Text(IConfiguration configuration, string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];

    private static string StateFolder(IConfiguration configuration) => Path.GetFullPath(
        Text(configuration, "State:Folder")
        ?? Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0]
        ?? "var");

    private static string Urls(IConfiguration configuration)
    {
        var urls = Text(configuration, "Urls") ?? "http://127.0.0.1:8774";
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                if (BindingAddress.Parse(url) is { Scheme: "http", PathBase: "" })
                {
                    continue;
                }
            }
            catch (FormatException)
            {
                // Said below, with what is allowed.
            }

            throw new InvalidSettings($"Urls is '{urls}'; allowed: http://ADDRESS:PORT, several separated by semicolons.");
        }

        return urls;
    }

    private static string Project(IConfiguration configuration)
    {
        var project = Text(configuration, "Auth:ProjectId") ?? DefaultProject;
        return ProjectFormat().IsMatch(project)
            ? project
            : throw new InvalidSettings($"Auth:ProjectId is '{project}'; allowed: 32 digits 0-9 a-f.");
    }

    private static int Workers(IConfiguration configuration)
    {
        var text = Text(configuration, "Jobs:Workers") ?? "20";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var workers) && workers is >= 1 and <= 200
            ? workers
            : throw new InvalidSettings($"Jobs:Workers is '{text}'; allowed: 1 to 200.");
    }

    private static int Seconds(IConfiguration configuration, string key, int otherwise)
    {
        var text = Text(configuration, key);
        return text is null ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 3600 ? seconds
            : throw new InvalidSettings($"{key} is '{text}'; allowed: 0 to 3600 s.");
    }

    private static List<HostSettings> Hosts(IConfiguration configuration, LiveMigrationSettings defaults)
    {
        var hosts = new List<HostSettings>();
        foreach (var section in configuration.GetSection("Hosts").GetChildren())
        {
            var name = section["Name"];
            if (string.IsNullOrEmpty(name) || name.Length > 255 || !HostFormat().IsMatch(name))
            {
                throw new InvalidSettings($"{section.Path}:Name is '{name}'; allowed: 1 to 255 letters, digits, '-', '.' and '_'.");
            }

            if (hosts.Exists(host => host.Name.Equals(name, StringComparison.Ordinal)))
            {
                throw new InvalidSettings($"{section.Path}:Name is '{name}', as that of another host; every host needs a name of its own.");
            }

            if (!Uri.TryCreate(section["Uri"], UriKind.Absolute, out _))
            {
                throw new InvalidSettings($"{section.Path}:Uri is '{section["Uri"]}'; allowed: a libvirt URI such as qemu+ssh://root@host-a/system.");
            }

            hosts.Add(new HostSettings(
                name,
                section["Uri"]!,
                Text(section, "MigrationAddress"),
                Text(section, "InitiatorAddress"),
                Text(section, "KeyFile"),
                Text(section, "KnownHostsFile"),
                TransferSettings.OfHost(section, defaults))
            {
                GraphicsListen = Text(section, "GraphicsListen"),
                Bridges = section.GetSection("Bridges").GetChildren()
                    .ToDictionary(bridge => bridge.Key, bridge => bridge.Value ?? "", StringComparer.Ordinal),
            });
        }

        return hosts;
    }

    private static List<VolumeSettings> Volumes(IConfiguration configuration)
    {
        var volumes = new List<VolumeSettings>();
        foreach (var section in configuration.GetSection("Volumes").GetChildren())
        {
            var text = Text(section, "ControlPort") ?? "0";
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                throw new InvalidSettings($"{section.Path}:ControlPort is '{text}'; allowed: 0 to 32767.");
            }

            volumes.Add(new VolumeSettings(Text(section, "Portal") ?? "", Text(section, "Ssh"), port));
        }

        return volumes;
    }

    private static ControllerSettings Controller(IConfiguration configuration)
    {
        const string key = $"{ControllerSettings.Section}:{nameof(ControllerSettings.TakeOverFrom)}";
        var text = Text(configuration, key) ?? "";
        if (text == "any")
        {
            return new ControllerSettings { TakeOverFromAny = true };
        }

        var ids = new List<Guid>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            ids.Add(Guid.TryParseExact(part, "D", out var id)
                ? id
                : throw new InvalidSettings($"{key} is '{text}'; allowed: ids of controllers as their alert names them, separated by commas, or any."));
        }

        return new ControllerSettings { TakeOverFrom = ids };
    }

    private static LiveMigrationSettings LiveMigration(IConfiguration configuration)
    {
        var section = configuration.GetSection(LiveMigrationSettings.Section);
        TransferSettings.RefuseOtherTypes(section, typeof(LiveMigrationSettings));
        var settings = section.Get<LiveMigrationSettings>() ?? new LiveMigrationSettings();
        var result = new LiveMigrationSettingsValidator().Validate(settings);
        return result.IsValid ? settings : throw new InvalidSettings(result.Errors[0].ErrorMessage);
    }

    [GeneratedRegex("^[0-9a-f]{32}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectFormat();

    [GeneratedRegex("^[a-zA-Z0-9._-]+\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostFormat();
}
