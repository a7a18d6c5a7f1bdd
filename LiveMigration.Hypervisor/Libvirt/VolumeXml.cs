using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Reads and writes libvirt's definitions of files with disks.</summary>
internal static class VolumeXml
{
    /// <summary>An empty file.</summary>
    internal static string Empty(string name) => Raw(name, bytes: 0);

    /// <summary>A file of this length that takes no room yet.</summary>
    internal static string Raw(string name, long bytes) =>
        Write(new NewDiskImage(name, "raw", bytes, Backing: null, ImageDetails.None), name);

    internal static string Write(NewDiskImage image, string name)
    {
        var target = new XElement("target", Format(image.Format));
        if (image.Details.Compat is { } compat)
            target.Add(new XElement("compat", compat));
        if (image.Details.ClusterBytes is { } cluster)
            target.Add(new XElement("clusterSize", new XAttribute("unit", "B"), Number(cluster)));
        var volume = new XElement(
            "volume",
            new XElement("name", name),
            new XElement("capacity", new XAttribute("unit", "bytes"), Number(image.CapacityBytes)),
            new XElement("allocation", new XAttribute("unit", "bytes"), HasAllRoom(image) ? Number(image.CapacityBytes) : "0"),
            target);
        if (image.Backing is { Path: { } path } backing)
            volume.Add(new XElement("backingStore", new XElement("path", path), Format(backing.Format)));
        return volume.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>How libvirt is to make it.</summary>
    internal static StorageVolumeCreateFlags Flags(NewDiskImage image) =>
        HasAllRoom(image) && image.Format == "qcow2" ? StorageVolumeCreateFlags.PreallocateMetadata : StorageVolumeCreateFlags.None;

    internal static DiskImage Read(string xml, string path)
    {
        var volume = GuestXml.Parse(xml);
        var target = volume.Element("target");
        return new DiskImage(
            path,
            Bytes(volume.Element("physical")) ?? Bytes(volume.Element("capacity")) ?? 0,
            Bytes(volume.Element("allocation")) ?? 0,
            new ImageDetails((string?)target?.Element("compat"), Bytes(target?.Element("clusterSize"))));
    }

    /// <summary>The size of the disk in a volume, bytes.</summary>
    internal static long Capacity(string xml) => Bytes(GuestXml.Parse(xml).Element("capacity")) ?? 0;

    /// <summary>Makes a volume unless there is one of its name.</summary>
    internal static void Ensure(LibvirtPool pool, string name, string xml, StorageVolumeCreateFlags flags = StorageVolumeCreateFlags.None)
    {
        if (pool.HasVolume(name))
            return;
        try
        {
            pool.CreateVolume(xml, flags);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.StorageVolumeExists)
        {
            // Somebody else made it between our look and our call.
        }
    }

    private static bool HasAllRoom(NewDiskImage image) => image is { HasAllRoom: true, Backing: null };

    private static XElement Format(string format) => new("format", new XAttribute("type", format));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    // libvirt writes bytes whatever it was given.
    private static long? Bytes(XElement? element) =>
        long.TryParse((string?)element, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
}
