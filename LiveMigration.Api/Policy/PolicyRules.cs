using System.Collections.Frozen;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Policy;

/// <summary>All rules in force: the defaults, and what the operator's file says otherwise. Checked once, at start.</summary>
internal sealed class PolicyRules
{
    /// <summary>The rule that says who is an admin.</summary>
    public const string ContextIsAdmin = "context_is_admin";

    private const int MaxDepth = 50;
    private const int MaxChecks = 2000;

    private readonly FrozenDictionary<string, PolicyCheck> _rules;

    private PolicyRules(FrozenDictionary<string, PolicyCheck> rules) => _rules = rules;

    /// <summary>The rules without a file.</summary>
    public static PolicyRules Default { get; } = Compile(null, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The names of all rules.</summary>
    public IEnumerable<string> Names => _rules.Keys;

    /// <summary>The rules with an operator's file, or without.</summary>
    /// <exception cref="InvalidSettings">A rule of the file is wrong; the message names file, rule and remedy.</exception>
    public static PolicyRules Load(string? path) => path is null ? Default : Compile(path, PolicyFile.Read(path));

    /// <summary>Whether a rule lets the caller. One that there is none of lets the admin only.</summary>
    public bool Allows(string rule, Caller caller, PolicyTarget target) =>
        _rules.TryGetValue(rule, out var check) ? check.Allows(caller, target) : _rules[ContextIsAdmin].Allows(caller, target);

    private static PolicyRules Compile(string? path, IReadOnlyDictionary<string, string> file)
    {
        var checks = new Dictionary<string, PolicyCheck>(StringComparer.Ordinal);
        foreach (var (name, rule) in PolicyDefaults.All)
        {
            checks[name] = PolicyParser.Parse(rule);
        }

        foreach (var (name, rule) in file)
        {
            RefuseUnknown(path!, name);
            try
            {
                checks[name] = PolicyParser.Parse(rule);
            }
            catch (FormatException exception)
            {
                throw PolicyFile.Wrong(path!, $"its rule '{Cut(name)}' can't be read: {exception.Message}. Correct it, or remove the line for the default");
            }
        }

        foreach (var (name, check) in checks)
        {
            Tie(path ?? "", name, check, checks);
        }

        var measured = new Dictionary<string, Reach>(StringComparer.Ordinal);
        foreach (var name in checks.Keys)
        {
            Measure(path ?? "", name, checks, [], measured);
        }

        return new PolicyRules(checks.ToFrozenDictionary(StringComparer.Ordinal));
    }

    // A name of ours or Nova's that there is none of is a typing error; any other is an operator's own word for later use.
    private static void RefuseUnknown(string path, string name)
    {
        if (name.Length is 0 or > 255 || name.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            throw PolicyFile.Wrong(path, $"'{Cut(name)}' is no name of a rule; allowed: 1 to 255 characters without spaces");
        }

        if (PolicyDefaults.Families.Any(family => name.StartsWith(family, StringComparison.Ordinal)) && !PolicyDefaults.All.ContainsKey(name))
        {
            var nearest = PolicyDefaults.All.Keys.MinBy(known => Settings.UnknownSettings.Distance(known, name))!;
            throw PolicyFile.Wrong(path, $"there is no rule '{Cut(name)}'; the nearest is '{nearest}'. Correct the name, or remove the line");
        }
    }

    private static void Tie(string path, string owner, PolicyCheck check, Dictionary<string, PolicyCheck> checks)
    {
        if (check is OtherRule other)
        {
            other.Rule = checks.GetValueOrDefault(other.Name)
                ?? throw PolicyFile.Wrong(path, $"its rule '{Cut(owner)}' names the rule '{Cut(other.Name)}', which there is none of. Add that one, or correct the name");
        }

        foreach (var part in check.Parts)
        {
            Tie(path, owner, part, checks);
        }
    }

    // Refuses circles, and what would take too long to ask at every request.
    private static Reach Measure(
        string path, string name, Dictionary<string, PolicyCheck> checks, List<string> above, Dictionary<string, Reach> measured)
    {
        if (measured.TryGetValue(name, out var known))
        {
            return known;
        }

        if (above.Contains(name, StringComparer.Ordinal))
        {
            var circle = above.SkipWhile(rule => !rule.Equals(name, StringComparison.Ordinal)).Append(name);
            throw PolicyFile.Wrong(path, $"its rule '{Cut(name)}' leads back to itself: {Cut(string.Join(" → ", circle))}. Let one of them say a role");
        }

        above.Add(name);
        var (depth, checksAsked) = (1, 1);
        foreach (var next in Leaves(checks[name]))
        {
            var further = next is OtherRule other && above.Count <= MaxDepth
                ? Measure(path, other.Name, checks, above, measured)
                : new Reach(next is OtherRule ? MaxDepth : 0, 1);
            (depth, checksAsked) = (Math.Max(depth, further.Depth + 1), checksAsked + further.Checks);
            if (depth > MaxDepth || checksAsked > MaxChecks)
            {
                throw PolicyFile.Wrong(path, $"its rule '{Cut(name)}' leads through too many others (more than {MaxDepth} deep or {MaxChecks} in all). Say the roles there");
            }
        }

        above.RemoveAt(above.Count - 1);
        return measured[name] = new Reach(depth, checksAsked);
    }

    private static IEnumerable<PolicyCheck> Leaves(PolicyCheck check) =>
        check.Parts.Any() ? check.Parts.SelectMany(Leaves) : [check];

    private static string Cut(string text) => text.Length <= 120 ? text : text[..120] + "…";

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Reach(int Depth, int Checks);
}
