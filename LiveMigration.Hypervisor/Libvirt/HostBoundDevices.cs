using System.Net;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Lists what a guest's devices need of their host. What is not listed needs nothing that could be asked for: a wrong "no"
/// would forbid a good move, a wrong "yes" lets QEMU refuse at the destination with the guest unharmed.
/// </summary>
internal static class HostBoundDevices
{
    private const string Detach = "Detach it first";

    internal static IEnumerable<HostBound> Of(XElement domain) =>
        domain.Elements("devices").Elements().SelectMany(device => Needs(device, device.Name.LocalName));

    private static IEnumerable<HostBound> Needs(XElement device, string kind) => kind switch
    {
        "disk" => Disk(device),
        "hostdev" => [new Immovable(HostDevice(device), $"it is hardware of that host. {Detach}")],
        "interface" => Interface(device),
        "filesystem" => [new Immovable($"filesystem {Attribute(device, "target", "dir")}", $"it is a folder of that host. {Detach}")],
        "console" when Attribute(device, "target", "type") is "serial" => [], // the same device once more
        "serial" or "parallel" or "console" or "channel" or "redirdev" => Stream(device, NameOf(device)),
        "smartcard" when Type(device, "mode") is "host" or "host-certificates" =>
            [new Immovable("smartcard", $"it is hardware or a database of that host. {Detach}")],
        "smartcard" => Stream(device, "smartcard"),
        "rng" => Randomness(device.Element("backend")),
        "tpm" => Tpm(device.Element("backend")),
        "graphics" or "video" => Acceleration(device),
        "input" when Type(device) is "passthrough" or "evdev" =>
            [new Immovable($"input {Attribute(device, "source", "evdev") ?? Attribute(device, "source", "dev")}", $"it is hardware of that host. {Detach}")],
        "memory" => Memory(device),
        "shmem" => [new Immovable($"shmem {(string?)device.Attribute("name")}", $"it is memory shared with others on that host. {Detach}")],
        "lease" when Attribute(device, "target", "path") is { } path => [new BoundFile("lease", path)],
        _ => [],
    };

    private static IEnumerable<HostBound> Disk(XElement disk)
    {
        var target = Attribute(disk, "target", "dev");
        var (type, device) = (Type(disk), (string?)disk.Attribute("device") ?? "disk");
        if (type is "nvme" or "vhostuser" or "vhostvdpa")
        {
            yield return new Immovable($"{device} {target} ({type})", "it is hardware or a socket of that host. Use a disk that both hosts can reach");
        }

        foreach (var secret in disk.Descendants("secret"))
        {
            yield return Secret($"disk {target}", secret);
        }
    }

    private static BoundSecret Secret(string name, XElement secret)
    {
        // A disk's encryption is keyed by its volume; everything else says what its secret is for.
        var type = (string?)secret.Attribute("type");
        return Guid.TryParse((string?)secret.Attribute("uuid"), out var uuid)
            ? new BoundSecret(name, uuid, UsageType: null, Usage: null)
            : new BoundSecret(name, Uuid: null, type is null or "passphrase" ? "volume" : type, (string?)secret.Attribute("usage"));
    }

    private static string HostDevice(XElement device)
    {
        var source = device.Element("source");
        var type = Type(device);
        var address = source?.Element("address");
        var which = type switch
        {
            "pci" => $"{Hex(address, "domain")}:{Hex(address, "bus")}:{Hex(address, "slot")}.{Hex(address, "function")}",
            "mdev" => (string?)address?.Attribute("uuid"),
            "usb" when source?.Element("vendor") is { } vendor => $"{Hex(vendor, "id")}:{Hex(source.Element("product"), "id")}",
            "usb" => $"{(string?)address?.Attribute("bus")}.{(string?)address?.Attribute("device")}",
            "scsi" => (string?)source?.Attribute("name") ?? Attribute(source, "adapter", "name"),
            _ => (string?)source?.Attribute("wwpn") ?? source?.Elements().FirstOrDefault()?.Value,
        };
        return $"hostdev {type} {which}".TrimEnd();
    }

    private static IEnumerable<HostBound> Interface(XElement nic)
    {
        // A transient half of a team is unplugged for the move by QEMU itself.
        if (Type(nic) is "hostdev" or "vdpa" or "vhostuser" && Attribute(nic, "teaming", "type") is not "transient")
        {
            yield return new Immovable(
                $"interface {Attribute(nic, "mac", "address")} ({Type(nic)})", "it is hardware or a socket of that host. Plug it into a bridge or a network");
        }
    }

    /// <summary>A character device: what it is connected to decides.</summary>
    private static IEnumerable<HostBound> Stream(XElement device, string name)
    {
        var source = device.Element("source");
        var path = (string?)source?.Attribute("path");
        if (Attribute(device, "log", "file") is { } log)
        {
            yield return new BoundFolder($"{name} log", Folder(log));
        }

        switch (Type(device))
        {
            case "file" when path is not null:
            case "unix" when path is not null && (string?)source!.Attribute("mode") is not "connect":
                yield return new BoundFolder(name, Folder(path));
                break;
            case "unix" when path is not null:
            case "dev" or "pipe":
                yield return new Immovable($"{name} ({path})", $"whether another host has such a one can't be seen. {Detach}");
                break;
            case "tcp" or "udp" when source is not null && IsAddressOfTheHost(device.Elements("source")):
                yield return new Immovable(name, "it listens on an address of that host. Let it listen on 0.0.0.0 or 127.0.0.1");
                break;
        }
    }

    private static IEnumerable<HostBound> Randomness(XElement? backend) => (string?)backend?.Attribute("model") switch
    {
        "egd" => Stream(backend!, "rng"),
        "random" when backend!.Value.Trim() is not ("" or "/dev/random" or "/dev/urandom") =>
            [new Immovable($"rng ({backend.Value.Trim()})", "whether another host has such a device can't be seen. Use /dev/urandom")],
        _ => [],
    };

    private static IEnumerable<HostBound> Tpm(XElement? backend)
    {
        if (Type(backend) is not "emulator")
        {
            yield return new Immovable($"tpm ({Type(backend)})", $"it is hardware or a socket of that host. {Detach}");
            yield break;
        }

        yield return new BoundTpm("tpm");
        if (Guid.TryParse(Attribute(backend, "encryption", "secret"), out var secret))
        {
            yield return new BoundSecret("tpm", secret, UsageType: null, Usage: null);
        }
    }

    private static IEnumerable<HostBound> Acceleration(XElement device)
    {
        if (Type(device) is "egl-headless" || Attribute(device, "gl", "enable") is "yes"
            || Attribute(device.Element("model"), "acceleration", "accel3d") is "yes")
        {
            yield return new Immovable($"{device.Name.LocalName} with 3D acceleration", "it works on a graphics card of that host. Switch it off");
        }

        foreach (var socket in device.Elements("listen").Where(listen => Type(listen) is "socket").Attributes("socket"))
        {
            yield return new BoundFolder($"graphics {Type(device)}", Folder(socket.Value));
        }
    }

    private static IEnumerable<HostBound> Memory(XElement memory) =>
        memory.Element("source")?.Element("path")?.Value is { } path ? [new BoundFile($"memory {(string?)memory.Attribute("model")}", path)] : [];

    private static bool IsAddressOfTheHost(IEnumerable<XElement> sources) => sources
        .Where(source => (string?)source.Attribute("mode") is "bind")
        .Select(source => (string?)source.Attribute("host"))
        .Any(host => IPAddress.TryParse(host, out var address)
            && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any));

    private static string NameOf(XElement device) =>
        $"{device.Name.LocalName} {Attribute(device, "target", "name") ?? Attribute(device, "target", "port")}".TrimEnd();

    private static string Folder(string path) => Path.GetDirectoryName(path) ?? "/";

    private static string? Type(XElement? element, string attribute = "type") => (string?)element?.Attribute(attribute);

    private static string? Attribute(XElement? element, string child, string attribute) => (string?)element?.Element(child)?.Attribute(attribute);

    private static string Hex(XElement? element, string attribute) => ((string?)element?.Attribute(attribute) ?? "").Replace("0x", "", StringComparison.Ordinal);
}
