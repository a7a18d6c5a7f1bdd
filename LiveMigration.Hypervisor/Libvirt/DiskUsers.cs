using System.Xml.Linq;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Which guest of a host uses a file. Everything here blocks.</summary>
internal static class DiskUsers
{
    /// <summary>The name of a guest, running or only defined, that names the file; null when none does.</summary>
    internal static string? Find(LibvirtConnection connection, string path)
    {
        string? user = null;
        foreach (var domain in connection.ListDomains())
        {
            using (domain)
                user ??= NameOfUser(domain, path);
        }

        return user;
    }

    /// <summary>Whether a definition names the file, as a disk, below one, or for anything else.</summary>
    internal static bool Names(XElement definition, string path) =>
        definition.Descendants().Any(element =>
            (!element.HasElements && string.Equals(element.Value, path, StringComparison.Ordinal))
            || element.Attributes().Any(attribute => string.Equals(attribute.Value, path, StringComparison.Ordinal)));

    private static string? NameOfUser(LibvirtDomain domain, string path)
    {
        try
        {
            // What runs and what would be started next may differ.
            var now = GuestXml.Parse(domain.GetXml());
            return Names(now, path) || Names(GuestXml.Parse(domain.GetInactiveXml()), path) ? GuestXml.Name(now) : null;
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            return null;
        }
    }
}
