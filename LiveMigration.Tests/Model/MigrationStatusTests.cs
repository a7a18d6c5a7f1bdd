using System.Globalization;
using System.Text;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Model;

public sealed class MigrationStatusTests
{
    [Fact]
    public void Nothing_leads_out_of_an_end_and_every_status_is_reached()
    {
        var all = Enum.GetValues<MigrationStatus>();
        var reached = new HashSet<MigrationStatus> { MigrationStatus.Accepted };
        while (reached.SelectMany(status => status.Successors()).Except(reached).ToList() is { Count: > 0 } more)
        {
            reached.UnionWith(more);
        }

        Assert.Equal(all.Order(), reached.Order());
        Assert.All(all.Where(status => status.IsTerminal()), status => Assert.False(status.IsInProgress()));
    }

    [Fact]
    public void A_step_that_the_table_lacks_is_refused()
    {
        var migration = new Migration
        {
            Uuid = default, InstanceUuid = default, RequestId = "", SourceCompute = "a", UserId = "", ProjectId = "", CreatedAt = default,
            SagaVersion = "", SagaState = "",
        };

        Assert.Throws<InvalidMigrationTransition>(() => migration.MoveTo(MigrationStatus.Running, default));
        migration.MoveTo(MigrationStatus.Error, default);
        Assert.NotNull(migration.FinishedAt);
        Assert.Throws<InvalidMigrationTransition>(() => migration.MoveTo(MigrationStatus.Queued, default));
    }

    [Fact]
    public void Every_word_of_Nova_leads_back_to_its_status() =>
        Assert.All(Enum.GetValues<MigrationStatus>(), status => Assert.Equal(status, MigrationStatusNames.FromNova(status.ToNova())));

    [Fact]
    public void The_document_shows_the_table()
    {
        var text = new StringBuilder("# States of a migration\n\nRendered from `MigrationStatusTransitions` by a test; do not edit.\n\n| status | may become |\n|---|---|\n");
        foreach (var status in Enum.GetValues<MigrationStatus>())
        {
            var next = string.Join(", ", status.Successors().Order().Select(successor => $"`{successor.ToNova()}`"));
            text.Append('|').Append(CultureInfo.InvariantCulture, $" `{status.ToNova()}` | {(next.Length > 0 ? next : "(end)")} ").Append("|\n");
        }

        Golden.ShouldBe("docs/states.md", text.ToString());
    }
}
