using System.Globalization;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Hypervisor.Volumes;

/// <summary>The volume behind a disk that QEMU's own initiator reaches over iSCSI.</summary>
internal static class IscsiVolume
{
    private const int DefaultPort = 3260;

    /// <summary>Null when the disk is no such disk. The unit that libvirt writes after the target's name is left out: access is given target by target.</summary>
    internal static Volume? Of(GuestDisk disk)
    {
        if (disk.Network is not { Protocol: "iscsi", Host.Length: > 0, Name.Length: > 0 } source) return null;
        var slash = source.Name.LastIndexOf('/');
        return new Volume(Portal(source.Host, source.Port), slash < 0 ? source.Name : source.Name[..slash]);
    }

    /// <summary>One spelling for each portal: small letters, brackets only around IPv6, the port always.</summary>
    internal static string Portal(string host, int? port)
    {
        var bare = host.Trim('[', ']').ToLowerInvariant();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(bare.Contains(':', StringComparison.Ordinal) ? $"[{bare}]" : bare)}:{port ?? DefaultPort}");
    }
}
