using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Our mark as an element of a guest's metadata.</summary>
internal static class MarkXml
{
    internal const string Namespace = "https://livemigration.dev/xmlns/mark/1";
    internal const string Prefix = "lm";
    private const string Element = "mark";

    /// <summary>As libvirt wants it: without the namespace, which it adds itself.</summary>
    internal static string Write(MigrationMark mark) => new XElement(
        Element,
        new XAttribute("migration", mark.Migration.ToString("D")),
        new XAttribute("epoch", mark.Epoch.ToString(CultureInfo.InvariantCulture)),
        new XAttribute("source", mark.Source),
        new XAttribute("destination", mark.Destination)).ToString(SaveOptions.DisableFormatting);

    /// <summary>What libvirt returned for our namespace; null for what is not a mark of ours.</summary>
    internal static MigrationMark? Read(string? xml)
    {
        if (xml is null)
            return null;
        try
        {
            return Read(GuestXml.Parse(xml));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The mark in a domain's whole definition.</summary>
    internal static MigrationMark? FromDomain(XElement domain) =>
        domain.Element("metadata")?.Element(XName.Get(Element, Namespace)) is { } mark ? Read(mark) : null;

    private static MigrationMark? Read(XElement mark) =>
        string.Equals(mark.Name.LocalName, Element, StringComparison.Ordinal)
        && Guid.TryParse((string?)mark.Attribute("migration"), out var migration)
        && int.TryParse((string?)mark.Attribute("epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
        && (string?)mark.Attribute("source") is { } source
        && (string?)mark.Attribute("destination") is { } destination
            ? new MigrationMark(migration, epoch, source, destination)
            : null;
}
