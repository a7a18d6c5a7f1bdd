using LiveMigration.Bench;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Bench;

/// <summary>What the fault matrix expects, as the document says it.</summary>
public sealed class FaultTableTests
{
    [Fact]
    public void The_document_says_what_is_expected() => Golden.ShouldBe("docs/fault-matrix.md", FaultTable.Render());

    [Fact]
    public void Every_fault_is_tried_in_every_phase_in_which_it_can_hit_something()
    {
        Assert.Equal(FaultTable.All.Count, FaultTable.All.Select(one => one.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Enum.GetValues<FaultPhase>(), phase => Assert.Contains(FaultTable.All, one => one.Phase == phase));
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Contains(FaultTable.All, one => one.Fault.Kind == kind));
    }
}
