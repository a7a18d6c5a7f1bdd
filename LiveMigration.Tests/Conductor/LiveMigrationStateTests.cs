using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using Xunit;

namespace LiveMigration.Tests.Conductor;

public sealed class LiveMigrationStateTests
{
    [Fact]
    public void A_row_of_an_earlier_version_is_read_with_nothing_to_plug_in()
    {
        var state = LiveMigrationState.FromJson(
            """{"Instance":"00000001-0000-0000-0000-000000000000","Migration":"00000002-0000-0000-0000-000000000000","RequestId":"req-1","Source":"a"}""");

        Assert.Equal(NetworkPlan.None, state.Network);
    }

    [Fact]
    public void The_plan_of_the_networks_survives_a_restart()
    {
        var plan = new NetworkPlan
        {
            Interfaces = [new PlannedInterface("52:54:00:00:00:01", "br0", "br7", "clean")],
            Rules = ["base", "clean"],
            GraphicsListen = "192.0.2.1",
            NotChecked = ["x"],
        };
        var state = new LiveMigrationState { Instance = new Guid(1, 0, 0, new byte[8]), Migration = new Guid(2, 0, 0, new byte[8]), RequestId = "req-1", Source = "a", Network = plan };

        var read = LiveMigrationState.FromJson(state.ToJson()).Network;

        Assert.Equal(plan.Interfaces, read.Interfaces);
        Assert.Equal(plan.Rules, read.Rules);
        Assert.Equal((plan.GraphicsListen, "x"), (read.GraphicsListen, Assert.Single(read.NotChecked)));
    }
}
