using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Real bridges and real filtering rules, over HTTP, between two real hypervisors.</summary>
public sealed class LabNetworkTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    [Fact]
    public async Task A_guest_moves_to_a_bridge_of_another_name_and_is_refused_while_that_is_missing()
    {
        // The probe's way into the namespace is the same as a guest's: by the bridge's name alone.
        var controller = await StartControllerAsync(NewName(), "--Hosts:1:Bridges:br0=br7");
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);

        var refused = await MoveAsync(controller, guest, Lab.HostB);
        Assert.Equal("error", refused.Status);
        Assert.Contains("host-b has no bridge br7", refused.Reason, StringComparison.Ordinal);

        await OnAsync(Lab.HostB, "ip", "link", "add", "br7", "type", "bridge");
        try
        {
            await OnAsync(Lab.HostB, "ip", "link", "set", "br7", "up");
            await RestsOnAsync(controller, guest, Lab.HostA);
            var there = await MoveAsync(controller, guest, Lab.HostB);
            Assert.Equal(("completed", null), (there.Status, there.Reason));
            Assert.Contains("br7", await OnAsync(Lab.HostB, "virsh", "-q", "domiflist", guest.Name), StringComparison.Ordinal);
            Assert.Contains("br7", await OnAsync(Lab.HostB, "virsh", "-q", "domiflist", "--inactive", guest.Name), StringComparison.Ordinal);
            await LivesOnlyOnAsync(guest, Lab.HostB);

            await RestsOnAsync(controller, guest, Lab.HostB);
            var back = await MoveAsync(controller, guest, Lab.HostA);
            Assert.Equal(("completed", null), (back.Status, back.Reason));
            Assert.Contains("br0", await OnAsync(Lab.HostA, "virsh", "-q", "domiflist", guest.Name), StringComparison.Ordinal);
            await LivesOnlyOnAsync(guest, Lab.HostA);
        }
        finally
        {
            await Lab.EnterAsync(Lab.HostB, ["ip", "link", "delete", "br7"], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Filtering_rules_travel_ahead_of_a_guest_that_starts_slowly_and_leave_with_it()
    {
        const string rule = "lm-test-no-spoofing";
        await DefineAsync(Lab.HostA, rule, "<rule action='drop' direction='out' priority='500'><mac match='no' srcmacaddr='$MAC'/></rule>");
        var controller = await StartControllerAsync(NewName(), "--LiveMigration:WaitForVifPlug=slow");
        var guest = await StartGuestAsync(new LabGuestOptions { DirtyMBPerSecond = 1, Filter = rule });
        await RestsOnAsync(controller, guest, Lab.HostA);

        var there = await MoveAsync(controller, guest, Lab.HostB);
        Assert.Equal(("completed", null), (there.Status, there.Reason));
        Assert.Contains(rule, await OnAsync(Lab.HostB, "virsh", "-q", "nwfilter-binding-list"), StringComparison.Ordinal);
        Assert.DoesNotContain(rule, await OnAsync(Lab.HostA, "virsh", "-q", "nwfilter-binding-list"), StringComparison.Ordinal);

        await RestsOnAsync(controller, guest, Lab.HostB);
        var back = await MoveAsync(controller, guest, Lab.HostA);
        Assert.Equal(("completed", null), (back.Status, back.Reason));
        Assert.DoesNotContain(rule, await OnAsync(Lab.HostB, "virsh", "-q", "nwfilter-list"), StringComparison.Ordinal);
        Assert.Contains(rule, await OnAsync(Lab.HostA, "virsh", "-q", "nwfilter-list"), StringComparison.Ordinal);
        await LivesOnlyOnAsync(guest, Lab.HostA);
        await guest.StopAsync(Ct);
        await OnAsync(Lab.HostA, "virsh", "-q", "nwfilter-undefine", rule);
    }

    private async Task<string> OnAsync(LabHost host, params string[] command)
    {
        var answer = await Lab.EnterAsync(host, command, Ct);
        Assert.True(answer.Succeeded, answer.Error);
        return answer.Output;
    }

    private async Task DefineAsync(LabHost host, string rule, string content)
    {
        // Below the shared folder both hosts see what this machine writes.
        var name = $"{rule}.xml";
        await File.WriteAllTextAsync(Path.Combine(Lab.Description.SharedDir, name), $"<filter name='{rule}'>{content}</filter>", Ct);
        await OnAsync(host, "virsh", "-q", "nwfilter-define", $"{Lab.Description.OnHosts.SharedDir}/{name}");
        File.Delete(Path.Combine(Lab.Description.SharedDir, name));
    }
}
