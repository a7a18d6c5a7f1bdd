using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class RuleXmlTests
{
    private const string Filter = """
        <filter name='clean' chain='root'>
          <uuid>d636fbbf-9ef1-4a9d-ba1f-c6c914e18645</uuid>
          <filterref filter='base'/>
          <rule action='drop' direction='out' priority='500'><mac match='no' srcmacaddr='$MAC'/></rule>
        </filter>
        """;

    [Fact]
    public void A_rule_of_the_hosts_own_carries_no_mark() => Assert.False(RuleXml.IsMarked(Filter));

    [Fact]
    public void A_marked_copy_says_the_same_and_is_known_as_ours()
    {
        var rule = RuleXml.Read(Filter);
        var copy = RuleXml.Marked(rule);

        Assert.True(RuleXml.IsMarked(copy));
        Assert.Equal(rule.Content, RuleXml.Read(copy).Content);
        Assert.Equal(("clean", "base"), (rule.Name, Assert.Single(rule.RefersTo)));
    }

    [Fact]
    public void The_mark_of_one_rule_is_none_on_another() =>
        Assert.False(RuleXml.IsMarked(RuleXml.Marked(RuleXml.Read(Filter)).Replace("name=\"clean\"", "name=\"other\"", StringComparison.Ordinal)));
}
