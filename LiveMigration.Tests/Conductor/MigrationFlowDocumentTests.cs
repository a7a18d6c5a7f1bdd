using System.Globalization;
using System.Text;
using LiveMigration.Core.Conductor;
using LiveMigration.Tests.Support;
using MediatR;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Conductor;

public sealed class MigrationFlowDocumentTests
{
    [Fact]
    public void The_document_shows_the_flow()
    {
        var flow = new LiveMigrationSaga(Mock.Of<IMediator>()).Definition;
        var text = new StringBuilder("# The flow of a live migration\n\nRendered from `LiveMigrationSaga` by a test; do not edit.\n\n| | step | when it must be taken back |\n|---|---|---|\n");
        for (var index = 0; index < flow.Steps.Count; index++)
        {
            var step = flow.Steps[index];
            var back = index > flow.Pivot ? "only forward: tried again until it is done"
                : index == flow.Pivot ? "both hosts are asked what became of it"
                : step.Undo is null ? "nothing to take back"
                : Words(step.Undo.Method.Name);
            text.Append('|').Append(CultureInfo.InvariantCulture, $" {index + 1} | {(index == flow.Pivot ? $"**{step.Name}** (the pivot)" : step.Name)} | {back} ").Append("|\n");
        }

        Golden.ShouldBe("docs/migration-flow.md", text.ToString());
    }

    private static string Words(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
