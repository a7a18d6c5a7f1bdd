using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Two programs on the same real hosts: the second says so, and touches nothing.</summary>
public sealed class LabTwoControllersTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    [Fact]
    public async Task The_second_program_refuses_the_hosts_of_the_first_until_it_is_told_to_take_them_over()
    {
        var first = await StartControllerAsync(NewName());
        var guest = await StartGuestAsync();
        await RestsOnAsync(first, guest, Lab.HostA);
        var name = NewName();
        var second = await StartControllerAsync(name, "--Controller:TakeOverFrom=");

        var holder = (await File.ReadAllTextAsync(Path.Combine(first.StateFolder, "controller-id"), Ct)).Trim();
        await Eventually.HoldsAsync(
            async () => (await File.ReadAllTextAsync(second.Process.LogFile, Ct)).Split($"is not touched: controller {holder}").Length > Lab.Hosts.Count,
            "the second refuses every host");

        Assert.All(await second.Nova.ServicesAsync(Ct), host => Assert.Equal("down", host.Value));
        Assert.Null(await second.Nova.FindServerAsync(guest.Uuid, Ct));
        Assert.Equal("completed", (await MoveAsync(first, guest, Lab.HostB)).Status);
        await LivesOnlyOnAsync(guest, Lab.HostB);

        await second.Process.StopAsync(Ct);
        await first.Process.StopAsync(Ct);
        var again = await StartControllerAsync(name, $"--Controller:TakeOverFrom={holder}");

        await RestsOnAsync(again, guest, Lab.HostB);
        Assert.Equal("completed", (await MoveAsync(again, guest, Lab.HostA)).Status);
        await LivesOnlyOnAsync(guest, Lab.HostA);
    }
}
