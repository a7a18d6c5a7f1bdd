using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Takes away filtering rules that migrations have brought to a host. Everything here blocks.</summary>
internal static class RuleRemoval
{
    internal static void RemoveUnused(LibvirtConnection connection, IReadOnlyList<string> rules)
    {
        var networks = connection.Networks;

        // The last first: a rule goes before those that it refers to.
        var ours = rules.Reverse().Where(rule => networks.FindFilter(rule) is { } xml && RuleXml.IsMarked(xml)).ToList();
        if (ours.Count == 0)
            return;
        var used = RulesOfGuests(connection);
        foreach (var rule in ours.Where(rule => !used.Contains(rule)))
            Undefine(networks, rule);
    }

    private static HashSet<string> RulesOfGuests(LibvirtConnection connection)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var domain in connection.ListDomains())
        {
            using (domain)
            {
                try
                {
                    used.UnionWith(RulesOf(domain.GetXml()));
                    if (domain.IsPersistent)
                        used.UnionWith(RulesOf(domain.GetMigratableXml(persistent: true)));
                }
                catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
                {
                    // Gone between the list and the look.
                }
            }
        }

        return used;
    }

    private static IEnumerable<string> RulesOf(string xml) => GuestXml.Interfaces(GuestXml.Parse(xml)).Select(GuestXml.Rule).OfType<string>();

    private static void Undefine(LibvirtNetworks networks, string rule)
    {
        try
        {
            networks.UndefineFilter(rule);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.OperationInvalid)
        {
            // In use after all, or another rule refers to it: libvirt looks under its own lock.
        }
    }
}
