using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>A seal as a secret of libvirt: what is written is read again, and what is not ours still counts as a seal.</summary>
public sealed class SealXmlTests
{
    private static readonly Guid Id = Guid.Parse("5f0c1f3e-0c3e-4f6f-9d4d-0f7f0f1c2b3a");

    [Theory]
    [InlineData("machine-1:/var/lib/livemigration")]
    [InlineData("a <b> & 'c'; place=d")]
    [InlineData("")]
    public void What_is_written_is_read_again(string place)
    {
        var seal = new HostSeal(Id, "controller-7", 12, place, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)) { Records = 4711 };

        Assert.Equal(seal, SealXml.Read(SealXml.Write(seal)));
    }

    [Theory]
    [InlineData("<description>mine</description>", "mine")]
    [InlineData("", "")]
    public void A_secret_of_this_use_that_is_no_seal_of_ours_is_somebody_elses(string description, string place)
    {
        var seal = SealXml.Read($"<secret><uuid>{Id}</uuid>{description}<usage type='ceph'><name>livemigration controller</name></usage></secret>");

        Assert.Equal((Id, place, 0), (seal.Controller, seal.Place, seal.Count));
    }
}
