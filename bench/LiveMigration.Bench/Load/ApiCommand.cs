using System.Globalization;
using System.Text;

namespace LiveMigration.Bench.Load;

/// <summary>How much of the host's own speed is left when a server is shown; and who wins when a thousand ask for the same.</summary>
internal static class ApiCommand
{
    private const int Connections = 50;
    private const double LeastRatio = 0.35;
    private const double MostP99Ms = 20;
    private const int Racers = 1_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var servers = options.Number("--servers", 2_000, 7, 100_000);
        var rounds = options.Number("--rounds", 7, 1, 1_000);
        var seconds = options.Number("--seconds", 3, 1, 600);
        options.End();

        // At 1 MiB/s the one move that wins the race outlasts it: none of the others can come when it is over.
        await using var program = await LonelyProgram.StartAsync(Bench.Program, ct, "--LiveMigration:BandwidthMiBps=1");
        var ids = await ServerCrowd.StoreAsync(program, servers, ct);
        var token = await program.LogInAsync(ct);
        var show = ids.Select(id => Get(program, $"/v2.1/servers/{id}", token)).ToArray();
        var nothing = new[] { Get(program, "/healthz", token: null) };
        await LoadRun.RunAsync(program.Address, nothing, 204, Connections, WarmUp, ct);
        await LoadRun.RunAsync(program.Address, show, 200, Connections, WarmUp, ct);

        var (empty, shown, waits) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var length = TimeSpan.FromSeconds(seconds);
            var first = await LoadRun.RunAsync(program.Address, nothing, 204, Connections, length, ct);
            var second = await LoadRun.RunAsync(program.Address, show, 200, Connections, length, ct);
            empty.Add(first.PerSecond);
            shown.Add(second.PerSecond);
            waits.AddRange(second.WaitsMs);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round + 1}: empty {first.PerSecond:F0}/s p99 {first.P99Ms:F1} ms, server {second.PerSecond:F0}/s p99 {second.P99Ms:F1} ms"));
        }

        var (accepted, conflicts) = await RaceAsync(program, ct);
        var (rate, ratio, p99) = (Median(shown), Median(shown) / Median(empty), LoadResult.Percentile(waits, 0.99));
        Console.WriteLine($"{ids.Count} servers stored, load average {await LoadAverageAsync(ct)}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"get_server_rps={rate:F0} empty_ratio={ratio:F2} p99_ms={p99:F1} race_accepted={accepted} race_conflicts={conflicts}"));
        return ratio >= LeastRatio && p99 <= MostP99Ms && accepted == 1 && conflicts == Racers - 1 ? 0 : 1;
    }

    private static async Task<(int Accepted, int Conflicts)> RaceAsync(LonelyProgram program, CancellationToken ct)
    {
        const string body = """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""";
        var guest = await ServerCrowd.FindAsync(program, "ledger-db", ct);
        var request = Encoding.ASCII.GetBytes(
            $"POST /v2.1/servers/{guest}/action HTTP/1.1\r\nHost: {program.Address.Authority}\r\nX-Auth-Token: {program.AdminToken}\r\nOpenStack-API-Version: compute 2.93\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}");
        var wires = new List<Wire>();
        try
        {
            for (var racer = 0; racer < Racers; racer++)
            {
                wires.Add(await Wire.ConnectAsync(program.Address, ct));
            }

            var answers = await Task.WhenAll(wires.Select(wire => wire.AskAsync(request, isHead: false, mayEndThere: false, ct)));
            var others = answers.Select(answer => answer.Status).Where(status => status is not (202 or 409)).CountBy(status => status);
            foreach (var (status, times) in others)
            {
                Console.WriteLine($"race: {times} × {status}");
            }

            return (answers.Count(answer => answer.Status == 202), answers.Count(answer => answer.Status == 409));
        }
        finally
        {
            wires.ForEach(wire => wire.Dispose());
        }
    }

    private static byte[] Get(LonelyProgram program, string path, string? token) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {program.Address.Authority}\r\n"
        + (token is null ? "" : $"X-Auth-Token: {token}\r\nOpenStack-API-Version: compute 2.93\r\n") + "\r\n");

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static async Task<string> LoadAverageAsync(CancellationToken ct) => OperatingSystem.IsLinux()
        ? (await File.ReadAllTextAsync("/proc/loadavg", ct)).Split(' ')[0]
        : "unknown";
}
