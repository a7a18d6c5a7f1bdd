namespace LiveMigration.Api.Policy;

/// <summary>
/// Reads a rule in oslo.policy's language: <c>role:x</c>, <c>rule:x</c>, <c>left:right</c>, <c>@</c>, <c>!</c>, joined by
/// <c>not</c>, <c>and</c>, <c>or</c> and parentheses, in this order of binding. An empty rule lets everybody.
/// </summary>
internal sealed class PolicyParser
{
    /// <summary>How deep parentheses and <c>not</c> may nest.</summary>
    public const int MaxDepth = 50;

    private readonly IReadOnlyList<string> _words;
    private int _at;
    private int _depth;

    private PolicyParser(IReadOnlyList<string> words) => _words = words;

    /// <summary>Takes a rule apart.</summary>
    /// <exception cref="FormatException">It is none; the message says where it stops being one.</exception>
    public static PolicyCheck Parse(string text)
    {
        var words = Split(text);
        if (words.Count == 0)
        {
            return new Always(true);
        }

        var parser = new PolicyParser(words);
        var check = parser.Or();
        return parser._at == words.Count ? check : throw new FormatException($"'{Short(words[parser._at])}' is not expected here");
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        foreach (var piece in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            // "%(x)s" has parentheses of its own: those of the language stand at the ends of a word.
            var start = 0;
            var end = piece.Length;
            while (start < end && piece[start] == '(')
            {
                words.Add("(");
                start++;
            }

            var closing = 0;
            while (end > start && piece[end - 1] == ')')
            {
                closing++;
                end--;
            }

            if (end > start)
            {
                words.Add(piece[start..end]);
            }

            words.AddRange(Enumerable.Repeat(")", closing));
        }

        return words;
    }

    private PolicyCheck Or()
    {
        var parts = new List<PolicyCheck> { And() };
        while (Takes("or"))
        {
            parts.Add(And());
        }

        return parts.Count == 1 ? parts[0] : new Disjunction(parts);
    }

    private PolicyCheck And()
    {
        var parts = new List<PolicyCheck> { Not() };
        while (Takes("and"))
        {
            parts.Add(Not());
        }

        return parts.Count == 1 ? parts[0] : new Conjunction(parts);
    }

    private PolicyCheck Not()
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException($"it is nested deeper than {MaxDepth}");
        }

        var check = Takes("not") ? new Negation(Not()) : Single();
        _depth--;
        return check;
    }

    private PolicyCheck Single()
    {
        if (Takes("("))
        {
            var check = Or();
            return Takes(")") ? check : throw new FormatException("a ')' is missing");
        }

        if (_at == _words.Count)
        {
            throw new FormatException("it ends where a check is expected");
        }

        return Leaf(_words[_at++]);
    }

    private bool Takes(string word)
    {
        if (_at < _words.Count && _words[_at].Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            _at++;
            return true;
        }

        return false;
    }

    private static PolicyCheck Leaf(string word)
    {
        switch (word)
        {
            case "@":
                return new Always(true);
            case "!":
                return new Always(false);
        }

        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == word.Length - 1)
        {
            throw new FormatException($"'{Short(word)}' is no check; allowed: role:NAME, rule:NAME, project_id:%(project_id)s, user_id:%(user_id)s, is_admin:True, @, !");
        }

        var kind = word[..colon];
        var match = word[(colon + 1)..];
        return kind switch
        {
            "role" => new HasRole(PolicyValues.IsReference(match)
                ? throw new FormatException($"'{Short(word)}' names no role")
                : match),
            "rule" => new OtherRule(match),
            "http" or "https" => throw new FormatException($"'{Short(word)}' asks another server, which is not supported"),
            _ => new Comparison(PolicyValues.OfCaller(kind), PolicyValues.OfTarget(match)),
        };
    }

    private static string Short(string word) => word.Length <= 60 ? word : word[..60] + "…";
}
