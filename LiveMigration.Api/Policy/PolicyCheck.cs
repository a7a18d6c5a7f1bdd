using LiveMigration.Core.Model;

namespace LiveMigration.Api.Policy;

/// <summary>A rule, taken apart: what oslo.policy calls a check.</summary>
internal abstract record PolicyCheck
{
    /// <summary>Whether it lets the caller.</summary>
    public abstract bool Allows(Caller caller, PolicyTarget target);

    /// <summary>The checks it is made of.</summary>
    public virtual IEnumerable<PolicyCheck> Parts => [];
}

/// <summary><c>@</c> and <c>!</c>.</summary>
internal sealed record Always(bool Allowed) : PolicyCheck
{
    public override bool Allows(Caller caller, PolicyTarget target) => Allowed;
}

/// <summary><c>not …</c>.</summary>
internal sealed record Negation(PolicyCheck Part) : PolicyCheck
{
    public override IEnumerable<PolicyCheck> Parts => [Part];

    public override bool Allows(Caller caller, PolicyTarget target) => !Part.Allows(caller, target);
}

/// <summary><c>… and …</c>.</summary>
internal sealed record Conjunction(IReadOnlyList<PolicyCheck> All) : PolicyCheck
{
    public override IEnumerable<PolicyCheck> Parts => All;

    public override bool Allows(Caller caller, PolicyTarget target)
    {
        foreach (var part in All)
        {
            if (!part.Allows(caller, target))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>… or …</c>.</summary>
internal sealed record Disjunction(IReadOnlyList<PolicyCheck> Any) : PolicyCheck
{
    public override IEnumerable<PolicyCheck> Parts => Any;

    public override bool Allows(Caller caller, PolicyTarget target)
    {
        foreach (var part in Any)
        {
            if (part.Allows(caller, target))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>role:…</c>, upper and lower case alike.</summary>
internal sealed record HasRole(string Role) : PolicyCheck
{
    public override bool Allows(Caller caller, PolicyTarget target)
    {
        foreach (var role in caller.Roles)
        {
            if (role.Equals(Role, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>rule:…</c>; tied to that rule when all are known.</summary>
internal sealed record OtherRule(string Name) : PolicyCheck
{
    /// <summary>The rule behind the name.</summary>
    public PolicyCheck? Rule { get; set; }

    public override bool Allows(Caller caller, PolicyTarget target) => Rule is not null && Rule.Allows(caller, target);
}

/// <summary><c>left:right</c>: something of the caller, or a word, is what something of the target, or a word, is.</summary>
internal sealed record Comparison(PolicyValue Left, PolicyValue Right) : PolicyCheck
{
    public override bool Allows(Caller caller, PolicyTarget target) =>
        Left(caller, target) is { Length: > 0 } left && left.Equals(Right(caller, target), StringComparison.Ordinal);
}

/// <summary>One side of a comparison.</summary>
internal delegate string? PolicyValue(Caller caller, PolicyTarget target);
