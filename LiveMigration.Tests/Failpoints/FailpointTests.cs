using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Failpoints;
using LiveMigration.Core.Model;
using LiveMigration.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Failpoints;

/// <summary>Where failpoints stand, and what happens there.</summary>
public sealed class FailpointTests : IDisposable
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-test-");

    private string Trace => Path.Combine(_folder.FullName, "trace");

    private string Gate => Path.Combine(_folder.FullName, "gate");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_call_of_a_port_either_only_looks_or_is_marked()
    {
        string[] looks = ["get_", "Get", "List", "Find", "Describe", "Compare", "Sees", "Watch", "Look", "Read", "OptionsOf", "Hash"];
        Type[] ports =
        [
            typeof(IComputeDriver), typeof(IDiskImages), typeof(IHostBindings), typeof(IGuestBuilder), typeof(IGuestPower),
            typeof(INetworkService), typeof(IVolumeService), typeof(IGuestDiagnostics),
        ];
        foreach (var method in ports.SelectMany(port => port.GetMethods()))
        {
            var looksOnly = looks.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal));
            Assert.True(
                looksOnly != method.IsDefined(typeof(ChangesOutsideAttribute), inherit: false),
                $"{method.DeclaringType!.Name}.{method.Name} has a name of those that only look, or is marked: one of the two");
        }
    }

    [Fact]
    public async Task A_move_passes_a_point_before_and_after_each_write_and_each_change()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Disks = [Cluster.Disk("/srv/local")] }),
            failpoints: new FailpointPlan(null, null, Trace));

        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));
        await plane.UntilAsync(() => Passed() is [.., "journal:release:after"], "its driver has let go");

        var passed = Passed();
        Assert.Equal("journal:take:before", passed[0]);
        string[] some =
        [
            "driver:SetMark", "images:Create", "images:Create#2", "journal:live-migration.StepStarted", "driver:Transfer",
            "journal:live-migration.PivotReturned", "images:Remove", "driver:ClearMark", "journal:Completed",
        ];
        Assert.All(some, point => Assert.Contains(Named(point, "before"), passed));
        Assert.Equal(passed.Count(point => point.Contains(":before", StringComparison.Ordinal)), passed.Count(point => point.Contains(":after", StringComparison.Ordinal)));
        Assert.True(passed.IndexOf("driver:SetMark:after") < passed.IndexOf("driver:Transfer:before"));
        Assert.Equal(passed.Count, passed.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_move_waits_at_the_point_where_it_is_held_and_goes_on_when_the_gate_is_there()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a"), failpoints: new FailpointPlan("driver:Transfer:before", Gate, null));
        var id = await plane.MigrateAsync(Guest, "b");

        await plane.UntilAsync(() => File.Exists(Gate + ".reached"), "the point is reached");
        Assert.Equal(["a"], plane.Cloud.WhereRuns(Guest));
        Assert.NotEqual(MigrationStatus.Completed, (await plane.ReadAsync(db => Task.FromResult(db.Migrations.Single()))).Status);

        await File.WriteAllTextAsync(Gate, "", TestContext.Current.CancellationToken);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Fact]
    public async Task A_process_dies_at_the_pass_that_is_meant_and_at_no_other()
    {
        var deaths = 0;
        var track = new FailpointTrack(new FailpointPlan("driver:SetMark:before#2", null, null), () => deaths++, new FakeTimeProvider());

        await track.PassAsync("driver:SetMark:before");
        await track.PassAsync("driver:SetMark:after");
        Assert.Equal(0, deaths);

        await track.PassAsync("driver:SetMark:before");
        Assert.Equal(1, deaths);

        await track.PassAsync("driver:SetMark:before");
        Assert.Equal(1, deaths);
    }

    [Theory]
    [InlineData("driver:SetMark", null)]
    [InlineData("SetMark:before", null)]
    [InlineData("driver:SetMark:before#0", null)]
    [InlineData("hold:driver:SetMark:before", null)]
    [InlineData("driver:SetMark:before", "/some/gate")]
    public void What_can_t_be_meant_is_refused(string point, string? gate) =>
        Assert.Throws<InvalidSettings>(() => FailpointPlan.Read(name => name switch
        {
            FailpointPlan.PointVariable => point,
            FailpointPlan.GateVariable => gate,
            _ => null,
        }));

    [Fact]
    public void Without_a_variable_there_is_no_plan() => Assert.Null(FailpointPlan.Read(_ => ""));

    private static string Named(string point, string when) =>
        point.Split('#') is [var name, var pass] ? $"{name}:{when}#{pass}" : $"{point}:{when}";

    private List<string> Passed() => [.. File.ReadAllLines(Trace).Select(line => line.Split(' ')[1])];
}
