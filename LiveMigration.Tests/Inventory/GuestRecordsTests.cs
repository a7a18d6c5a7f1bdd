using LiveMigration.Core.Drivers;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using LiveMigration.Tests.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Inventory;

/// <summary>What is kept of guests when hosts and records are looked at one after the other.</summary>
public sealed class GuestRecordsTests
{
    private static readonly Guid Vm1 = Guid.Parse(Scene.Vm1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, VmState.Active)]
    [InlineData(false, VmState.Deleted)]
    public async Task A_guest_that_came_after_its_host_was_listed_is_not_gone(bool came, VmState expected)
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);
        var driver = new Mock<IComputeDriver>();
        driver.SetupGet(one => one.Hosts).Returns(["nv1", "nv2"]);
        driver.Setup(one => one.ListGuestsAsync("nv2", It.IsAny<CancellationToken>())).ReturnsAsync([]);
        driver.Setup(one => one.FindGuestAsync("nv2", Vm1, It.IsAny<CancellationToken>())).ReturnsAsync(
            came ? new GuestObservation(Vm1, "vm1", GuestState.Running, Persistent: true, Mark: null, MemoryMiB: 256, Vcpus: 1, Title: null) : null);
        var records = new GuestRecords(
            host.Services.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>(),
            driver.Object,
            new AdoptionDefaults(ApiHost.Project, "admin"),
            TimeProvider.System,
            NullLogger<GuestRecords>.Instance);

        await records.SweepAsync("nv2", Ct);

        await using var db = await host.OpenDatabaseAsync();
        Assert.Equal(expected, (await db.Instances.SingleAsync(row => row.Uuid == Vm1, Ct)).VmState);
    }
}
