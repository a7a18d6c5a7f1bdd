using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>A small part of bench/crash-matrix: controllers that kill themselves at a failpoint, and their successors.</summary>
public sealed class LabCrashTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    [Theory]
    [InlineData("journal:take:before")]
    [InlineData("driver:CreateStorageProbe:after")]
    public async Task A_controller_that_kills_itself_at_a_point_finishes_the_move_when_it_is_started_again(string point)
    {
        var name = NewName();
        var armed = await StartControllerAsync(name, new Dictionary<string, string?>(StringComparer.Ordinal) { ["LIVEMIGRATION_FAILPOINT"] = point });
        var guest = await StartGuestAsync();
        await RestsOnAsync(armed, guest, Lab.HostA);
        await TryToMoveAsync(armed, guest);
        await armed.Process.WaitForExitAsync(Ct);

        var next = await StartControllerAsync(name);

        var id = Assert.Single(await next.Nova.MigrationsOfAsync(guest.Uuid, Ct));
        var ended = await EndAsync(next, await next.Nova.ShowMigrationAsync(id, Ct));
        Assert.Equal(("completed", null), (ended.Status, ended.Reason));
        await RestsOnAsync(next, guest, Lab.HostB);
        await LivesOnlyOnAsync(guest, Lab.HostB);
    }

    /// <summary>The answer may be lost with the controller.</summary>
    private async Task TryToMoveAsync(LabController controller, LabGuest guest)
    {
        try
        {
            await controller.Nova.RequestMoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            Assert.True(controller.Process.HasExited || await controller.Process.WaitForExitAsync(Ct) != 0);
        }
    }
}
