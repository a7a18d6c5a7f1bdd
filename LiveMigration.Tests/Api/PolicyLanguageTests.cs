using CsCheck;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Rules as they are written, and what they let whom.</summary>
public sealed class PolicyLanguageTests
{
    private static readonly PolicyTarget Own = new("p1", "u1");

    [Theory]
    [InlineData("", true)]
    [InlineData("@", true)]
    [InlineData("!", false)]
    [InlineData("role:member", true)]
    [InlineData("role:MEMBER", true)]
    [InlineData("role:admin", false)]
    [InlineData("not role:admin", true)]
    [InlineData("not not role:admin", false)]
    [InlineData("role:admin or role:member", true)]
    [InlineData("role:admin and role:member", false)]
    [InlineData("@ or ! and !", true)]
    [InlineData("(@ or !) and !", false)]
    [InlineData("not (role:admin or role:member)", false)]
    [InlineData("not role:admin and role:member", true)]
    [InlineData("project_id:%(project_id)s", true)]
    [InlineData("(project_id:%(project_id)s)", true)]
    [InlineData("((role:member) and (project_id:%(project_id)s))", true)]
    [InlineData("tenant_id:%(tenant_id)s", true)]
    [InlineData("user_id:%(user_id)s", true)]
    [InlineData("project_id:p1", true)]
    [InlineData("project_id:p2", false)]
    [InlineData("'p1':%(project_id)s", true)]
    [InlineData("'p2':%(project_id)s", false)]
    [InlineData("is_admin:True", false)]
    [InlineData("is_admin:False", true)]
    [InlineData("system_scope:all", false)]
    [InlineData("role:member AND NOT role:admin", true)]
    public void A_rule_says(string rule, bool allowed) => Assert.Equal(allowed, Says(rule, Member(), Own));

    [Fact]
    public void Another_projects_and_another_users_thing_is_not_ones_own()
    {
        Assert.False(Says("project_id:%(project_id)s", Member(), new PolicyTarget("p2", "u1")));
        Assert.False(Says("user_id:%(user_id)s", Member(), new PolicyTarget("p1", "u2")));
        Assert.False(Says("project_id:%(project_id)s", Member() with { ProjectId = "" }, new PolicyTarget("", "u1")));
        Assert.False(Says("project_id:%(project_id)s", Member() with { ProjectId = "" }, new PolicyTarget(null, null)));
    }

    [Theory]
    [InlineData("admin", "'admin' is no check")]
    [InlineData("role:", "'role:' is no check")]
    [InlineData(":admin", "':admin' is no check")]
    [InlineData("role:admin role:member", "'role:member' is not expected here")]
    [InlineData("role:admin or", "it ends where a check is expected")]
    [InlineData("(role:admin", "a ')' is missing")]
    [InlineData("role:admin)", "')' is not expected here")]
    [InlineData("and", "'and' is no check")]
    [InlineData("()", "')' is no check")]
    [InlineData("http://policy.example/", "asks another server, which is not supported")]
    [InlineData("shoe_size:42", "'shoe_size' is nothing that a caller has")]
    [InlineData("project_id:%(shoe_size)s", "'%(shoe_size)s' is nothing that a target has")]
    [InlineData("role:%(project_id)s", "names no role")]
    public void What_is_no_rule_is_refused_with_the_reason(string rule, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => PolicyParser.Parse(rule)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(49, true)]
    [InlineData(100_000, false)]
    public void Parentheses_and_negations_nest_to_a_bound(int depth, bool allowed)
    {
        foreach (var rule in new[] { new string('(', depth) + "@" + new string(')', depth), string.Concat(Enumerable.Repeat("not ", depth)) + "@" })
        {
            if (allowed)
            {
                PolicyParser.Parse(rule);
            }
            else
            {
                Assert.Contains("nested deeper", Assert.Throws<FormatException>(() => PolicyParser.Parse(rule)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_rule_means_what_its_parts_mean() => Expression(4).Sample(
        expression => Assert.Equal(expression.Value, Says(expression.Text, Member(), Own)), iter: 2000);

    [Fact]
    public void Whatever_is_written_is_a_rule_or_refused() => Gen.String[Gen.Char["()@!: andortrule%s'\"\\\t\n\0é"], 0, 60].Sample(
        text =>
        {
            try
            {
                PolicyParser.Parse(text).Allows(Member(), Own);
            }
            catch (FormatException)
            {
                // Refused is as good.
            }
        },
        iter: 5000);

    [Fact]
    public void The_defaults_are_what_the_recorded_Nova_has()
    {
        var rules = PolicyRules.Default;
        var admin = Member() with { Roles = ["admin"], IsAdmin = true };
        var reader = Member() with { Roles = ["reader"] };
        foreach (var rule in new[] { "os-migrate-server:migrate_live", "os-migrate-server:migrate_live:host", "servers:migrations:index", "os-migrations:index", "os-services:update", "os-server-external-events:create" })
        {
            Assert.True(rules.Allows("os_compute_api:" + rule, admin, new PolicyTarget("other", "other")));
            Assert.False(rules.Allows("os_compute_api:" + rule, Member() with { Roles = ["manager", "member", "reader"] }, Own));
        }

        Assert.True(rules.Allows("os_compute_api:os-pause-server:pause", Member(), Own));
        Assert.False(rules.Allows("os_compute_api:os-pause-server:pause", reader, Own));
        Assert.False(rules.Allows("os_compute_api:os-pause-server:pause", Member(), new PolicyTarget("p2", "u1")));
        Assert.True(rules.Allows("os_compute_api:servers:index", reader, Own));
        Assert.False(rules.Allows("os_compute_api:no-such-rule", Member(), Own));
        Assert.True(rules.Allows("os_compute_api:no-such-rule", admin, Own));
    }

    [Fact]
    public void Every_rule_that_the_program_asks_for_has_a_default()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LiveMigration.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var asked = Directory.EnumerateFiles(Path.Combine(folder, "LiveMigration.Api"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Policy/", StringComparison.Ordinal))
            .SelectMany(file => System.Text.RegularExpressions.Regex.Matches(
                File.ReadAllText(file), "\"(?<rule>(os_compute_api|identity|livemigration):[a-z_:-]*[a-z_])\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            .Select(match => match.Groups["rule"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(asked.Count > 20);
        Assert.All(asked, rule => Assert.Contains(rule, PolicyRules.Default.Names));
    }

    [Fact]
    public void The_example_for_managers_lets_them_migrate_and_name_no_host()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LiveMigration.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var rules = PolicyRules.Load(Path.Combine(folder, "docs", "examples", "policy-manager.yaml"));
        var manager = Member() with { Roles = ["manager", "member", "reader"] };
        Assert.True(rules.Allows("os_compute_api:os-migrate-server:migrate_live", manager, Own));
        Assert.False(rules.Allows("os_compute_api:os-migrate-server:migrate_live", manager, new PolicyTarget("p2", "u1")));
        Assert.False(rules.Allows("os_compute_api:os-migrate-server:migrate_live", Member(), Own));
        Assert.False(rules.Allows("os_compute_api:os-migrate-server:migrate_live:host", manager, Own));
    }

    [Theory]
    [InlineData("\"a\": \"role:x\"\n\"os_compute_api:servers:index\": \"rule:a\"")]
    [InlineData("# only a comment\n")]
    [InlineData("")]
    [InlineData("---\nadmin_api: is_admin:True\n")]
    [InlineData("{\"a\": \"role:x\", /* why */ \"os_compute_api:servers:index\": \"rule:a\",}")]
    [InlineData("{\n\t\"os_compute_api:servers:index\": \"\"\n}")]
    public void A_file_in_yaml_or_json_is_read(string text) => With(text, file => PolicyRules.Load(file));

    [Theory]
    [InlineData("\"os_compute_api:servers:indx\": \"@\"", "there is no rule 'os_compute_api:servers:indx'; the nearest is 'os_compute_api:servers:index'. Correct the name")]
    [InlineData("\"os_compute_api:servers:index\": \"rule:nobody\"", "its rule 'os_compute_api:servers:index' names the rule 'nobody', which there is none of. Add that one")]
    [InlineData("\"os_compute_api:servers:index\": \"role:a or\"", "its rule 'os_compute_api:servers:index' can't be read: it ends where a check is expected. Correct it")]
    [InlineData("a: rule:b\nb: rule:c\nc: not rule:a", "its rule 'a' leads back to itself: a → b → c → a. Let one of them say a role")]
    [InlineData("a: rule:a", "its rule 'a' leads back to itself: a → a.")]
    [InlineData("admin_api: rule:context_is_admin\ncontext_is_admin: rule:admin_api", "leads back to itself")]
    [InlineData("a: \"@\"\na: \"!\"", "it names 'a' twice")]
    [InlineData("a: [\"role:x\"]", "what it says of 'a' is no text")]
    [InlineData("a: &x role:x\nb: *x", "what it says of 'b' is no text")]
    [InlineData("- a\n- b", "it holds no names with rules")]
    [InlineData("a: {", "what it says of 'a' is no text")]
    [InlineData("a: \"x", "it is no valid YAML, line 1")]
    [InlineData("{\"a\": 5}", "what it says of 'a' is no text")]
    [InlineData("{\"a\": ", "it is no valid JSON")]
    [InlineData("{[[[[[[[[[[", "it is no valid JSON")]
    [InlineData("? [a]\n: b", "is no name")]
    public void A_file_that_is_wrong_is_refused_in_one_line_that_names_it(string text, string reason) => With(text, file =>
    {
        var wrong = Assert.Throws<InvalidSettings>(() => PolicyRules.Load(file));
        Assert.StartsWith($"Policy:File is '{file}', but ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', wrong.Message);
        Assert.InRange(wrong.Message.Length, 20, 1000);
    });

    [Fact]
    public void A_file_that_is_missing_huge_deep_or_takes_for_ever_is_refused()
    {
        Assert.Contains("there is no such file", Assert.Throws<InvalidSettings>(() => PolicyRules.Load("/no/such/file")).Message, StringComparison.Ordinal);
        Refused(new string('#', 300_000), "larger than 256 KiB");
        Refused("a: " + new string('[', 100_000), "is no text");
        Refused("a: " + new string('(', 100_000), "nested deeper");
        Refused(string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"r{i}: rule:r{i + 1}").Append("r5000: role:x")), "leads through too many others");
        Refused(string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"r{5000 - i}: rule:r{5001 - i}").Append("r5001: role:x")), "leads through too many others");
        Refused(string.Join('\n', Enumerable.Range(0, 40).Select(i => $"r{i}: rule:r{i + 1} or rule:r{i + 1}").Append("r40: role:x")), "leads through too many others");

        static void Refused(string text, string reason) => With(text, file =>
            Assert.Contains(reason, Assert.Throws<InvalidSettings>(() => PolicyRules.Load(file)).Message, StringComparison.Ordinal));
    }

    private static Caller Member() => new("req-1", "u1", "p1", IsAdmin: false) { Roles = ["member", "reader"] };

    private static bool Says(string rule, Caller caller, PolicyTarget target) => PolicyParser.Parse(rule).Allows(caller, target);

    private static Gen<(string Text, bool Value)> Expression(int depth)
    {
        (string Text, bool Value)[] leaves =
            [("@", true), ("!", false), ("role:member", true), ("role:admin", false), ("project_id:%(project_id)s", true), ("user_id:u2", false)];
        var leaf = Gen.Int[0, leaves.Length - 1].Select(index => leaves[index]);
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Expression(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.Select(part => ($"not ({part.Text})", !part.Value)),
            Gen.Select(inner, inner).Select((left, right) => ($"({left.Text}) and ({right.Text})", left.Value && right.Value)),
            Gen.Select(inner, inner).Select((left, right) => ($"({left.Text} or {right.Text})", left.Value || right.Value)));
    }

    private static void With(string text, Action<string> use)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
