using LiveMigration.Api.Settings;
using LiveMigration.Core.Failpoints;
using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Failpoints;

/// <summary>The program as a process that is armed.</summary>
public sealed class FailpointProgramTests : IDisposable
{
    private const int KilledBySigKill = 128 + 9;
    private static readonly Guid WebFrontend = new("5e1f0000-0000-4000-8000-000000000001");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-test-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_armed_controller_says_so_and_kills_itself_at_its_point()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGKILL is told apart on Linux only");
        var log = Path.Combine(_folder.FullName, "log");
        await using var process = await StartAsync(log, "driver:SetMark:after");
        using (var nova = await NovaClient.OpenAsync(process.BaseAddress, Path.Combine(_folder.FullName, "admin-token"), Ct))
        {
            while (await nova.FindServerAsync(WebFrontend, Ct) is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            }

            await nova.RequestMoveAsync(WebFrontend, "birch", Ct);
        }

        Assert.Equal(KilledBySigKill, await process.WaitForExitAsync(Ct));
        Assert.Contains("KILLS ITSELF at driver:SetMark:after", await File.ReadAllTextAsync(log, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failpoint_that_there_is_none_of_ends_the_start()
    {
        var log = Path.Combine(_folder.FullName, "log");
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(log, "somewhere"));
        Assert.Contains("LIVEMIGRATION_FAILPOINT is 'somewhere'", await File.ReadAllTextAsync(log, Ct), StringComparison.Ordinal);
    }

    private Task<ControllerProcess> StartAsync(string log, string point) => ControllerProcess.StartAsync(
        typeof(ApiSettings).Assembly.Location,
        log,
        Ct,
        [$"--State:Folder={_folder.FullName}"],
        new Dictionary<string, string?>(StringComparer.Ordinal) { [FailpointPlan.PointVariable] = point });
}
