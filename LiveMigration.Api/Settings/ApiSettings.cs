using LiveMigration.Api.Audit;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Notifications;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Settings;

/// <summary>All settings of the program, read and checked once at start.</summary>
internal sealed record ApiSettings
{
    /// <summary>Where the API listens, one or more URLs separated by semicolons.</summary>
    public required string Urls { get; init; }

    /// <summary>Where the program keeps what it must not lose.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The state database.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The file with the admin's token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The file with the dashboard's password.</summary>
    public required string DashboardPasswordFile { get; init; }

    /// <summary>The one project that all guests belong to.</summary>
    public required string ProjectId { get; init; }

    /// <summary>How many migrations are driven at the same time at most.</summary>
    public required int Workers { get; init; }

    /// <summary>The hosts; none means the simulated cluster.</summary>
    public required IReadOnlyList<HostSettings> Hosts { get; init; }

    /// <summary>How hosts are reached over SSH.</summary>
    public required SshSettings Ssh { get; init; }

    /// <summary>Storage servers whose access lists are ours to keep.</summary>
    public required IReadOnlyList<VolumeSettings> Volumes { get; init; }

    /// <summary>What servers are made of.</summary>
    public required ServerSettings Servers { get; init; }

    /// <summary>How guests are moved.</summary>
    public required LiveMigrationSettings LiveMigration { get; init; }

    /// <summary>What concerns this controller among others.</summary>
    public ControllerSettings Controller { get; init; } = new();

    /// <summary>How guests are switched off.</summary>
    public PowerSettings Power { get; init; } = new();

    /// <summary>What single hosts want otherwise for the guests that leave them.</summary>
    public HostTransferOverrides HostTransfers => new(Hosts.Where(host => host.Transfers is not null)
        .ToDictionary(host => host.Name, host => host.Transfers!, StringComparer.Ordinal));

    /// <summary>Which notifications are made.</summary>
    public required NotificationSettings Notifications { get; init; }

    /// <summary>Where they go.</summary>
    public required SinkSettings Sinks { get; init; }

    /// <summary>Under which address clients reach the program; null for the one of each request.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Who may log in.</summary>
    public required IdentitySettings Identity { get; init; }

    /// <summary>The operator's policy file; null for the defaults.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>Where decisions are kept.</summary>
    public required AuditSettings Audit { get; init; }
}

/// <summary>One libvirt host of the configuration.</summary>
/// <param name="Name">The name the API shows.</param>
/// <param name="Uri">libvirt's URI, <c>qemu+ssh://root@host-a/system</c>.</param>
/// <param name="MigrationAddress">Where the other hosts reach it for the transfer; null lets libvirt choose.</param>
/// <param name="InitiatorAddress">Where storage servers see it come from; null takes the migration address, else that of the URI.</param>
/// <param name="KeyFile">This host's own SSH key.</param>
/// <param name="KnownHostsFile">This host's own known-hosts file.</param>
/// <param name="Transfers">What moves out of this host want otherwise; null = nothing.</param>
public sealed record HostSettings(
    string Name,
    string Uri,
    string? MigrationAddress,
    string? InitiatorAddress,
    string? KeyFile,
    string? KnownHostsFile,
    TransferOverrides? Transfers = null)
{
    /// <summary>Where VNC and SPICE of arriving guests listen; null leaves it to the guest's definition.</summary>
    public string? GraphicsListen { get; init; }

    /// <summary>This host's bridges, by the names that all hosts agree upon; those not listed are called alike everywhere.</summary>
    public IReadOnlyDictionary<string, string> Bridges { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>One iSCSI storage server run by <c>tgtd</c>.</summary>
/// <param name="Portal">The server as guests' definitions name it.</param>
/// <param name="Ssh">Where <c>tgtadm</c> is run; null for this machine.</param>
/// <param name="ControlPort">The control port of that <c>tgtd</c>.</param>
public sealed record VolumeSettings(string Portal, string? Ssh, int ControlPort);

/// <summary>How hosts are reached over SSH, unless they say otherwise.</summary>
/// <param name="KeyFile">The private key.</param>
/// <param name="KnownHostsFile">The host keys that are trusted.</param>
public sealed record SshSettings(string? KeyFile, string? KnownHostsFile);
