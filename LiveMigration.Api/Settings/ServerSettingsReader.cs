using System.Globalization;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Images;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Settings;

/// <summary>Reads what servers are made of: images, disks, networks.</summary>
internal static class ServerSettingsReader
{
    /// <summary>libvirt's own folder of images.</summary>
    public const string DefaultDiskFolder = "/var/lib/libvirt/images";

    /// <exception cref="InvalidSettings">The first that is wrong.</exception>
    public static ServerSettings Read(IConfiguration configuration, string stateFolder, bool isSimulated)
    {
        var networks = Networks(configuration);
        return new ServerSettings(
            Path.GetFullPath(Text(configuration, "Images:Folder") ?? Path.Combine(stateFolder, "images")),
            Absolute(configuration, "Servers:DiskFolder") ?? DefaultDiskFolder,
            networks.Count == 0 && isSimulated ? [Network("demo", "br0")] : networks)
        {
            MaxAttempts = MaxAttempts(configuration),
            Emulator = Absolute(configuration, "Servers:Emulator"),
            VirtType = VirtType(configuration),
        };
    }

    private static List<GuestNetwork> Networks(IConfiguration configuration)
    {
        List<GuestNetwork> networks = [];
        foreach (var section in configuration.GetSection("Networks").GetChildren())
        {
            var (name, bridge) = (Text(section, "Name"), Text(section, "Bridge"));
            if (name is null or { Length: > 255 })
            {
                throw new InvalidSettings($"{section.Path}:Name is '{name}'; allowed: 1 to 255 characters.");
            }

            if (bridge is null or { Length: > 15 } || bridge.Any(character => character is '/' or ' '))
            {
                throw new InvalidSettings($"{section.Path}:Bridge is '{bridge}'; allowed: the name of a bridge, 1 to 15 characters.");
            }

            var network = Network(name, bridge) with { Mtu = Mtu(section), Cidr = Cidr(section) };
            network = network with { Id = Id(section) ?? network.Id };
            if (networks.Exists(other => other.Name == name || other.Id == network.Id))
            {
                throw new InvalidSettings($"{section.Path}:Name is '{name}', and another network has this name or its id; both must be its own.");
            }

            networks.Add(network);
        }

        return networks;
    }

    private static GuestNetwork Network(string name, string bridge) => new(NameBasedId.Of("network", name), name, bridge);

    private static int MaxAttempts(IConfiguration configuration) => Text(configuration, "Servers:MaxAttempts") is not { } text ? 3
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) && attempts is >= 1 and <= 100 ? attempts
        : throw new InvalidSettings($"Servers:MaxAttempts is '{text}'; allowed: 1 to 100.");

    private static string? VirtType(IConfiguration configuration) => Text(configuration, "Servers:VirtType") switch
    {
        null => null,
        "kvm" or "qemu" => configuration["Servers:VirtType"],
        var other => throw new InvalidSettings($"Servers:VirtType is '{other}'; allowed: kvm or qemu."),
    };

    private static Guid? Id(IConfigurationSection section) => Text(section, "Id") is not { } text ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : throw new InvalidSettings($"{section.Path}:Id is '{text}'; allowed: a UUID.");

    private static int Mtu(IConfigurationSection section) => Text(section, "Mtu") is not { } text ? 1500
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is >= 68 and <= 65535 ? mtu
        : throw new InvalidSettings($"{section.Path}:Mtu is '{text}'; allowed: 68 to 65535.");

    private static string? Cidr(IConfigurationSection section) => Text(section, "Cidr") is not { } text ? null
        : System.Net.IPNetwork.TryParse(text, out _) ? text
        : throw new InvalidSettings($"{section.Path}:Cidr is '{text}'; allowed: a network such as 10.0.0.0/24.");

    private static string? Absolute(IConfiguration configuration, string key) => Text(configuration, key) is not { } path ? null
        : path[0] == '/' ? path
        : throw new InvalidSettings($"{key} is '{path}'; allowed: an absolute path.");

    private static string? Text(IConfiguration configuration, string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];
}
