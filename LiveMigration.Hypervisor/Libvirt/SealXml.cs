using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// A seal as a secret without a value. Its UUID is the controller's id and its use is the same on every host: libvirt keeps
/// one secret for each use, so that of two controllers one alone can define it.
/// </summary>
internal static class SealXml
{
    /// <summary>VIR_SECRET_USAGE_TYPE_CEPH: the kind whose use is a mere word.</summary>
    internal const int UsageType = 2;

    /// <summary>The word. No guest names it.</summary>
    internal const string Usage = "livemigration controller";

    private const string Title = "LiveMigration controller";

    internal static string Write(HostSeal seal) => new XElement(
        "secret",
        new XAttribute("ephemeral", "no"),
        new XAttribute("private", "no"),
        new XElement("uuid", seal.Controller.ToString("D")),
        new XElement("description", Describe(seal)),
        new XElement("usage", new XAttribute("type", "ceph"), new XElement("name", Usage))).ToString(SaveOptions.DisableFormatting);

    internal static HostSeal Read(string xml)
    {
        var secret = GuestXml.Parse(xml);
        var controller = Guid.Parse((string?)secret.Element("uuid") ?? throw new FormatException("a secret without a UUID"));
        var description = (string?)secret.Element("description") ?? "";
        var parts = description.Split("; ", 6);
        return parts is [Title, var run, var count, var records, var at, var place]
            && long.TryParse(count.AsSpan(Value(count)), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(records.AsSpan(Value(records)), NumberStyles.None, CultureInfo.InvariantCulture, out var come)
            && DateTime.TryParse(at.AsSpan(Value(at)), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var written)
                ? new HostSeal(controller, run[Value(run)..], number, place[Value(place)..], written) { Records = come }
                // Somebody else's, for this very use: no less a sign that the host is taken.
                : new HostSeal(controller, "", 0, description, DateTime.UnixEpoch);
    }

    private static string Describe(HostSeal seal) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Title}; run={seal.Run}; count={seal.Count}; records={seal.Records}; at={seal.WrittenAt:yyyy-MM-dd'T'HH:mm:ss'Z'}; place={seal.Place}");

    private static int Value(string part) => part.IndexOf('=', StringComparison.Ordinal) + 1;
}
