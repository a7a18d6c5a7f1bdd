using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Looks at a host's links, networks and filters. Everything here blocks.</summary>
internal static class NetworkReader
{
    internal static HostNetworks Look(LibvirtNetworks networks, NetworkQuestion question)
    {
        var notKnown = new Dictionary<string, string>(StringComparer.Ordinal);
        return new HostNetworks
        {
            Links = Sightings(question.Links, networks.FindLink, notKnown),
            Networks = Sightings(question.Networks, networks.FindNetwork, notKnown),
            Rules = Rules(question.Rules, networks, notKnown),
            NotKnown = notKnown,
        };
    }

    /// <summary>A host without libvirt's driver for such things is no host without such things.</summary>
    internal static bool IsNoDriver(LibvirtException error) =>
        error.Code is ErrorCodes.NoSupport or ErrorCodes.NoInterfaceDriver or ErrorCodes.NoFilterDriver;

    private static Dictionary<string, NetworkSighting> Sightings(
        IReadOnlyList<string> names, Func<string, (bool Active, string Xml)?> find, Dictionary<string, string> notKnown)
    {
        var seen = new Dictionary<string, NetworkSighting>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            try
            {
                if (find(name) is { } found)
                    seen.Add(name, Sighting(found.Active, GuestXml.Parse(found.Xml)));
            }
            catch (LibvirtException error) when (IsNoDriver(error))
            {
                notKnown[name] = error.Message;
            }
        }

        return seen;
    }

    private static NetworkSighting Sighting(bool active, XElement definition) =>
        new(active || IsBridgeWithoutPorts(definition), (int?)definition.Element("mtu")?.Attribute("size"));

    // A bridge gets its carrier from its ports: one that serves guests alone looks down until the first of them comes.
    private static bool IsBridgeWithoutPorts(XElement definition) =>
        definition.Element("bridge") is { } bridge && !bridge.Elements("interface").Any();

    private static List<NetworkRule> Rules(IReadOnlyList<string> names, LibvirtNetworks networks, Dictionary<string, string> notKnown)
    {
        var rules = new List<NetworkRule>();
        var met = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            try
            {
                AddRule(name, networks, rules, met);
            }
            catch (LibvirtException error) when (IsNoDriver(error))
            {
                notKnown[name] = error.Message;
            }
        }

        return rules;
    }

    private static void AddRule(string name, LibvirtNetworks networks, List<NetworkRule> rules, HashSet<string> met)
    {
        if (!met.Add(name) || networks.FindFilter(name) is not { } xml)
            return;
        var rule = RuleXml.Read(xml);
        foreach (var other in rule.RefersTo)
            AddRule(other, networks, rules, met);
        rules.Add(rule);
    }
}
