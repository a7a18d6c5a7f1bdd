using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class BackOffTests
{
    [Fact]
    public void Doubles_up_to_ten_seconds_and_varies_by_a_fifth()
    {
        var backOff = new BackOff(new Random(1));

        foreach (var expected in new[] { 200, 400, 800, 1600, 3200, 6400, 10000, 10000 })
            Assert.InRange(backOff.Next().TotalMilliseconds, expected * 0.8, expected * 1.2);

        backOff.Reset();
        Assert.InRange(backOff.Next().TotalMilliseconds, 160, 240);
    }
}
