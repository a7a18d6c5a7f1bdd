using LiveMigration.Hypervisor.Libvirt;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class SeenPathsTests
{
    [Fact]
    public void What_was_seen_is_trusted_for_a_while_and_on_its_own_host()
    {
        var time = new FakeTimeProvider();
        var seen = new SeenPaths(time);
        Assert.False(seen.Knows("a", "/boot/vmlinuz"));

        seen.Note("a", "/boot/vmlinuz");

        Assert.True(seen.Knows("a", "/boot/vmlinuz"));
        Assert.False(seen.Knows("b", "/boot/vmlinuz"));
        Assert.False(seen.Knows("a", "/boot"));
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.False(seen.Knows("a", "/boot/vmlinuz"));
    }
}
