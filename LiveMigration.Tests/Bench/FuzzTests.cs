using LiveMigration.Api.Settings;
using LiveMigration.Bench.Fuzz;
using LiveMigration.Bench.Load;
using Xunit;

namespace LiveMigration.Tests.Bench;

/// <summary>Generated requests against the whole program; longer runs are <c>bench/fuzz</c>.</summary>
public sealed class FuzzTests
{
    private const int Requests = 2_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_generated_request_is_answered_with_a_fault_of_ours()
    {
        await using var program = await LonelyProgram.StartAsync(typeof(ApiSettings).Assembly.Location, Ct);

        var tally = await FuzzRun.RunAsync(program.Address, program.AdminToken, seed: 7, first: 0, Requests, _ => { }, Ct);

        await program.StopAsync(Ct);
        var told = string.Join('\n', tally.Told);
        Assert.Equal(Requests, tally.Requests);
        Assert.True(tally.FiveHundreds == 0, told);
        Assert.Empty(await ProgramLogReader.FaultsAsync(program.LogFile, Ct));
    }

    [Fact]
    public async Task Every_operation_is_reached_and_every_body_is_known_to_one()
    {
        await using var host = await Api.ApiHost.StartAsync();
        var operations = FuzzOperation.ReadAll(await host.Anybody().GetStringAsync("/openapi/v1.json", Ct));
        var names = operations.Select(operation => operation.Name).ToHashSet(StringComparer.Ordinal);

        var writer = new FuzzWriter(seed: 7, operations);
        var reached = Enumerable.Range(0, Requests).Select(index => writer.Write(index).Kind).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(names.Except(reached, StringComparer.Ordinal));
        Assert.Empty(FuzzBodies.Operations.Except(names, StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_seed_makes_the_same_requests()
    {
        FuzzOperation[] operations = [new("ShowServer", "GET", "/v2.1/servers/{id}", null), new("CreateServer", "POST", "/v2.1/servers", null)];
        var (one, again, other) = (new FuzzWriter(3, operations), new FuzzWriter(3, operations), new FuzzWriter(4, operations));

        Assert.All(Enumerable.Range(0, 300), index => Assert.Equal(one.Write(index).Bytes, again.Write(index).Bytes));
        Assert.Contains(Enumerable.Range(0, 300), index => !one.Write(index).Bytes.SequenceEqual(other.Write(index).Bytes));
    }
}
