using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Compute;

/// <summary>Decides from what two hosts say how a guest is plugged in at the second one, or that it can't be. Pure.</summary>
public static class NetworkPlanner
{
    private const int UsualMtu = 1500;

    /// <summary>What the source has to be asked.</summary>
    public static NetworkQuestion AskSource(GuestDescription guest) => Ask(guest, Bridge);

    /// <summary>What the destination has to be asked, once the source has told which rules the guest needs.</summary>
    public static NetworkQuestion AskDestination(GuestDescription guest, HostNetworkOptions from, HostNetworkOptions to, IReadOnlyList<NetworkRule> rules) =>
        Ask(guest, nic => BridgeThere(nic, from, to)) with { Rules = [.. rules.Select(rule => rule.Name)] };

    /// <summary>The plan.</summary>
    /// <exception cref="MigrationPreCheckError">The destination lacks what the guest needs; the message names it and the remedy.</exception>
    public static NetworkPlan Plan(
        GuestDescription guest, string destination, HostNetworkOptions from, HostNetworkOptions to, HostNetworks here, HostNetworks there)
    {
        ArgumentNullException.ThrowIfNull(guest);
        ArgumentNullException.ThrowIfNull(here);
        ArgumentNullException.ThrowIfNull(there);
        List<string> notChecked = [.. there.NotKnown.Select(gap => $"{gap.Key} on {destination}: {gap.Value}")];
        foreach (var nic in guest.Interfaces)
        {
            CheckPlug(nic, destination, from, to, here, there, notChecked);
        }

        RefuseOtherRules(destination, here.Rules, there.Rules);
        return new NetworkPlan
        {
            Interfaces =
            [
                .. guest.Interfaces.Where(nic => nic.Type is "bridge" or "network" or "direct")
                    .Select(nic => new PlannedInterface(nic.Mac, Bridge(nic), BridgeThere(nic, from, to), nic.Rule)),
            ],
            Rules = [.. here.Rules.Select(rule => rule.Name)],
            GraphicsListen = guest.GraphicsListen.Any(address => to.GraphicsListen is { } wanted && address != wanted) ? to.GraphicsListen : null,
            NotChecked = notChecked,
        };
    }

    private static NetworkQuestion Ask(GuestDescription guest, Func<GuestInterface, string?> bridge) => new(
        Names(guest, nic => nic.HasVirtualPort ? null : nic.Type == "direct" ? nic.Source : bridge(nic)),
        Names(guest, nic => nic.Type == "network" ? nic.Source : null),
        Names(guest, nic => nic.Rule));

    private static List<string> Names(GuestDescription guest, Func<GuestInterface, string?> name) =>
        [.. guest.Interfaces.Select(name).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? Bridge(GuestInterface nic) => nic.Type == "bridge" ? nic.Source : null;

    private static string? BridgeThere(GuestInterface nic, HostNetworkOptions from, HostNetworkOptions to) =>
        Bridge(nic) is { } bridge ? from.Bridges.Translate(bridge, to.Bridges) : null;

    private static void CheckPlug(
        GuestInterface nic, string destination, HostNetworkOptions from, HostNetworkOptions to,
        HostNetworks here, HostNetworks there, List<string> notChecked)
    {
        if (nic.HasVirtualPort)
        {
            notChecked.Add($"{nic.Mac}: its virtual port is the switch's own affair");
            return;
        }

        var (kind, wanted, known, before) = nic.Type switch
        {
            "bridge" => ("bridge", BridgeThere(nic, from, to), there.Links, here.Links),
            "direct" => ("network card", nic.Source, there.Links, here.Links),
            "network" => ("network", nic.Source, there.Networks, here.Networks),
            _ => ("", null, there.Links, here.Links),
        };
        if (wanted is null || there.NotKnown.ContainsKey(wanted))
        {
            return;
        }

        var seen = known.GetValueOrDefault(wanted)
            ?? throw new MigrationPreCheckError(Missing(nic, destination, kind, wanted));
        if (!seen.Up)
        {
            throw new MigrationPreCheckError($"the {kind} {wanted} of {destination}, for the guest's interface {nic.Mac}, is down. Bring it up first.");
        }

        var needed = nic.Mtu ?? before.GetValueOrDefault(nic.Source ?? "")?.Mtu ?? UsualMtu;
        if (seen.Mtu < needed)
        {
            throw new MigrationPreCheckError(
                $"the {kind} {wanted} of {destination} carries packets of {seen.Mtu} bytes, the guest's interface {nic.Mac} may send {needed}. "
                + "Raise its MTU first.");
        }
    }

    private static string Missing(GuestInterface nic, string destination, string kind, string wanted)
    {
        var remedy = kind == "bridge" ? $"Make it there, or say how {destination} calls it (Hosts:N:Bridges:{nic.Source})." : "Make it there.";
        return $"{destination} has no {kind} {wanted}, which the guest's interface {nic.Mac} needs. {remedy}";
    }

    private static void RefuseOtherRules(string destination, IReadOnlyList<NetworkRule> here, IReadOnlyList<NetworkRule> there)
    {
        foreach (var rule in here)
        {
            if (there.FirstOrDefault(other => other.Name == rule.Name) is { } other && other.Content != rule.Content)
            {
                throw new MigrationPreCheckError(
                    $"{destination} has a filtering rule {rule.Name} that says something else than the one that the guest runs under. "
                    + "Make the two alike, or give one another name.");
            }
        }
    }
}
