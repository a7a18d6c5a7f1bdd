using System.Globalization;
using System.Net;

namespace LiveMigration.Hypervisor.Volumes;

/// <summary>A target as <c>tgtadm --op show --mode target</c> tells of it.</summary>
/// <param name="Tid">The number by which <c>tgtadm</c> knows it.</param>
/// <param name="Name">Its iSCSI name.</param>
/// <param name="Rules">Whom it lets in: addresses, networks, <c>ALL</c>, names of initiators.</param>
/// <param name="Sessions">Who is there.</param>
internal sealed record TgtTarget(int Tid, string Name, IReadOnlyList<string> Rules, IReadOnlyList<TgtSession> Sessions)
{
    private const string Everybody = "ALL";

    /// <summary>Whether an address may use it, by whatever rule.</summary>
    internal bool LetsIn(IPAddress address) => Rules.Any(rule =>
        rule == Everybody
        || (IPAddress.TryParse(rule, out var single) && single.Equals(address))
        || (rule.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(rule, out var network) && network.Contains(address)));

    /// <summary>Whether an address has a rule of its own.</summary>
    internal bool Names(IPAddress address) => Rules.Any(rule => IPAddress.TryParse(rule, out var single) && single.Equals(address));

    /// <summary>Reads the whole listing. What it does not know, it passes over.</summary>
    internal static IReadOnlyList<TgtTarget> ReadAll(string listing)
    {
        var targets = new List<Draft>();
        var rules = false;
        foreach (var line in listing.Split('\n').Select(line => line.TrimEnd()))
        {
            var text = line.Trim();
            if (line.StartsWith("Target ", StringComparison.Ordinal) && Header(text) is { } draft) targets.Add(draft);
            else if (targets.Count == 0) continue;
            else if (Depth(line) == 4) rules = text == "ACL information:";
            else if (rules && text.Length > 0) targets[^1].Rules.Add(text);
            else targets[^1].Note(text);
        }

        return [.. targets.Select(draft => new TgtTarget(draft.Tid, draft.Name, draft.Rules, draft.Sessions))];
    }

    private static int Depth(string line) => line.Length - line.TrimStart(' ').Length;

    // "Target 1: iqn.2026-01.org.example:disk-1"
    private static Draft? Header(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 7 && int.TryParse(text[7..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var tid)
            ? new Draft(tid, text[(colon + 2)..])
            : null;
    }

    private sealed class Draft(int tid, string name)
    {
        private int _sid = -1;
        private int _cid = -1;

        public int Tid { get; } = tid;

        public string Name { get; } = name;

        public List<string> Rules { get; } = [];

        public List<TgtSession> Sessions { get; } = [];

        // "I_T nexus: 3", below it "Connection: 0", below that "IP Address: 10.0.0.11"
        public void Note(string text)
        {
            if (Number(text, "I_T nexus: ") is { } sid) (_sid, _cid) = (sid, -1);
            else if (Number(text, "Connection: ") is { } cid) _cid = cid;
            else if (_cid >= 0 && text.StartsWith("IP Address: ", StringComparison.Ordinal) && IPAddress.TryParse(text[12..], out var address))
                Sessions.Add(new TgtSession(_sid, _cid, address));
        }

        private static int? Number(string text, string label) =>
            text.StartsWith(label, StringComparison.Ordinal)
            && int.TryParse(text[label.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
    }
}

/// <summary>A connection to a target.</summary>
/// <param name="Sid">Its session's number.</param>
/// <param name="Cid">Its own number within that.</param>
/// <param name="Address">Where it comes from.</param>
internal sealed record TgtSession(int Sid, int Cid, IPAddress Address);
