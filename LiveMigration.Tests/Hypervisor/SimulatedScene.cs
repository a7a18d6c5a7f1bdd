using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>
/// Three hosts with round numbers: links of 100 MiB/s without latency, a QEMU that starts in 1 s, a hand-over of
/// 100 ms, a confirmation of 50 ms. One guest of 1,000 MiB on host a that writes 10 MiB/s.
/// </summary>
internal sealed class SimulatedScene : IDisposable
{
    public static readonly Guid Guest = new(1, 0, 0, new byte[8]);

    public SimulatedScene(Func<SimulatedGuestOptions, SimulatedGuestOptions>? guest = null)
    {
        var options = new SimulatedGuestOptions(Guest, "a", "web") { MemoryMiB = 1_000, DirtyMiBps = 10 };
        Cloud = new SimulatedCloud(
            new SimulatedCloudOptions
            {
                Hosts = [Host("a"), Host("b"), Host("c")],
                Guests = [guest?.Invoke(options) ?? options],
                DefaultLink = new SimulatedLinkOptions("*", "*") { BandwidthMiBps = 100 },
                HandOver = TimeSpan.FromMilliseconds(100),
                Confirm = TimeSpan.FromMilliseconds(50),
            },
            Time);
        Driver = new SimulatedDriver(Cloud);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TransferRequest ToB { get; } = new("b", 0, PermitPostCopy: false, AutoConverge: false, [], null);

    public FakeTimeProvider Time { get; } = new();

    public SimulatedCloud Cloud { get; }

    public SimulatedDriver Driver { get; }

    public Task Begin(TransferRequest? request = null) => Driver.TransferAsync("a", Guest, request ?? ToB, Ct);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public async Task<GuestState?> StateAsync(string host) => (await Driver.FindGuestAsync(host, Guest, Ct))?.State;

    public Task<JobStatistics> JobAsync() => Driver.GetJobAsync("a", Guest, Ct);

    public async Task<JobStatistics> CompletedAsync() =>
        await Driver.GetCompletedJobAsync("b", Guest, Ct) ?? throw new InvalidOperationException("no completed job");

    public void Dispose() => Cloud.Dispose();

    private static SimulatedHostOptions Host(string name) => new(name)
    {
        QemuStart = TimeSpan.FromSeconds(1),
        Folders = [new SimulatedFolder("/srv/shared", "nfs"), new SimulatedFolder("/srv/local", $"disk of {name}")],
    };
}
