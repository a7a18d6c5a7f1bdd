using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// A filtering rule's definition. libvirt keeps no metadata with it, so its UUID is the mark: one that we have brought to
/// a host has the UUID that only its name gives it.
/// </summary>
internal static class RuleXml
{
    private const string MarkNamespace = "https://livemigration.dev/xmlns/rule/1";

    internal static NetworkRule Read(string xml)
    {
        var filter = GuestXml.Parse(xml);
        filter.Element("uuid")?.Remove();
        return new NetworkRule(
            (string?)filter.Attribute("name") ?? "",
            filter.ToString(SaveOptions.DisableFormatting),
            [.. filter.Elements("filterref").Select(other => (string?)other.Attribute("filter")).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The definition with our mark.</summary>
    internal static string Marked(NetworkRule rule)
    {
        var filter = GuestXml.Parse(rule.Content);
        filter.AddFirst(new XElement("uuid", MarkOf(rule.Name)));
        return filter.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>True when a migration has brought this rule to the host that told it.</summary>
    internal static bool IsMarked(string xml)
    {
        var filter = GuestXml.Parse(xml);
        return Guid.TryParse((string?)filter.Element("uuid"), out var uuid) && uuid == MarkOf((string?)filter.Attribute("name") ?? "");
    }

    // RFC 9562 §5.8: a hash of our own making is version 8.
    private static Guid MarkOf(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{MarkNamespace}\n{name}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
