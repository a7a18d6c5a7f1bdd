using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What the controller costs: moves through it against moves by virsh alone, its start and its memory.</summary>
internal static class OverheadCommand
{
    private const string GuestName = "overhead";
    private const double MostWall = 0.95;
    private const double MostDowntime = 0.5;
    private const double MostMiB = 200;
    private const double MostStart = 1.5;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    // Seldom, since the asking costs both of us processor time that the move needs; when it ended stands in the record.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var moves = options.Number("--moves", 10, 1, 10_000);
        options.End();

        await using var bench = await Bench.UpAsync("over", ct);
        var measured = new Measured();
        await MeasureStartsAsync(bench, measured, ct);
        await MeasureIdleAsync(bench, measured, ct);
        var (guest, host) = await bench.StartGuestAsync(GuestName, ct);

        // One of each kind unmeasured: the first of all pays for what later ones find ready.
        host = await ByUsAsync(bench, guest, host, new Measured(), ct);
        host = await ByVirshAsync(bench, guest, host, new Measured(), ct);
        for (var move = 0; move < moves; move++)
        {
            Func<Bench, LabGuest, LabHost, Measured, CancellationToken, Task<LabHost>>[] kinds =
                move % 2 == 0 ? [ByUsAsync, ByVirshAsync] : [ByVirshAsync, ByUsAsync];
            foreach (var kind in kinds)
            {
                host = await kind(bench, guest, host, measured, ct);
            }

            Console.WriteLine($"{move + 1} of {moves}");
        }

        measured.BusyMiB.Add(MiB(bench.Controller.Process.ResidentBytes));
        var audit = await guest.AuditAsync(ct);
        if (!audit.IsFlawless)
        {
            throw new InvalidOperationException($"the guest did not live through it: {audit}");
        }

        return Tell(measured, moves);
    }

    private static async Task MeasureStartsAsync(Bench bench, Measured measured, CancellationToken ct)
    {
        for (var start = 0; start < 5; start++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await using var one = await LabController.StartAsync(bench.Lab, Bench.Program, $"start-{start}", ct, settings: ["--Controller:TakeOverFrom="]);
            measured.Start.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            await one.Process.StopAsync(ct);
        }
    }

    private static async Task MeasureIdleAsync(Bench bench, Measured measured, CancellationToken ct)
    {
        await Wait.UntilAsync(
            async () => (await bench.Nova.ServicesAsync(ct)).Values.Count(state => state == "up") == bench.Lab.Hosts.Count,
            TimeSpan.FromSeconds(30),
            "the hosts did not come up",
            ct);
        await Task.Delay(Settle, TimeProvider.System, ct);
        measured.IdleMiB.Add(MiB(bench.Controller.Process.ResidentBytes));
    }

    private static async Task<LabHost> ByUsAsync(
        Bench bench, LabGuest guest, LabHost from, Measured measured, CancellationToken ct)
    {
        var to = bench.Other(from);
        await Wait.UntilAsync(
            async () => (await bench.Nova.FindServerAsync(guest.Uuid, ct))?.RestsOn(from.Name) == true,
            TimeSpan.FromSeconds(90),
            $"the API does not show {guest.Name} on {from.Name}",
            ct);
        var cpu = bench.Controller.Process.CpuSeconds;
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        var asked = await bench.Nova.MoveAsync(guest.Uuid, to.Name, ct);
        var migration = await bench.Nova.WaitForEndAsync(asked.Id, Interval, TimeProvider.System, ct);
        measured.OurWall.Add((migration.FinishedAt!.Value - began).TotalSeconds);
        measured.OurCpu.Add(bench.Controller.Process.CpuSeconds - cpu);
        if (!migration.HasCompleted)
        {
            throw new InvalidOperationException($"a move ended as {migration.Status}: {migration.Reason}");
        }

        measured.Steps.Add(migration);
        var (downtime, elapsed) = await Virsh.LastMoveAsync(bench.Lab, guest.Name, to, ct);
        measured.OurDowntime.Add(downtime);
        measured.OurElapsed.Add(elapsed);
        await guest.WaitForTicksAsync(1, TimeProvider.System, ct);
        return to;
    }

    private static async Task<LabHost> ByVirshAsync(
        Bench bench, LabGuest guest, LabHost from, Measured measured, CancellationToken ct)
    {
        var to = bench.Other(from);
        var began = TimeProvider.System.GetTimestamp();
        await guest.MoveByHandAsync(from, to, ct);
        measured.VirshWall.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        var (downtime, elapsed) = await Virsh.LastMoveAsync(bench.Lab, guest.Name, to, ct);
        measured.VirshDowntime.Add(downtime);
        measured.VirshElapsed.Add(elapsed);
        await guest.WaitForTicksAsync(1, TimeProvider.System, ct);
        return to;
    }

    private static int Tell(Measured measured, int moves)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-52} {"median",9} {"min",9} {"max",9}");
        Row($"a move through the API, POST to completed, s ({moves})", measured.OurWall, "F3");
        Row($"the same move by virsh, s ({moves})", measured.VirshWall, "F3");
        Row("libvirt's own part of it through the API, ms", measured.OurElapsed, "F0");
        Row("libvirt's own part of it by virsh, ms", measured.VirshElapsed, "F0");
        Row("downtime through the API, ms", measured.OurDowntime, "F0");
        Row("downtime by virsh, ms", measured.VirshDowntime, "F0");
        Row("controller's processor time a move, with polls, s", measured.OurCpu, "F3");
        Row("start to first 200, s (5)", measured.Start, "F3");
        Row("resident, two hosts connected, idle, MiB", measured.IdleMiB, "F1");
        Row("resident after all moves, MiB", measured.BusyMiB, "F1");

        Console.WriteLine();
        Console.WriteLine("where the time goes, ms from the line before in the journal");
        foreach (var (step, series) in measured.Steps.All)
        {
            Row($"  {step}", series, "F0");
        }

        var wall = measured.OurWall.Median / measured.VirshWall.Median;
        var downtime = measured.OurDowntime.Median / measured.VirshDowntime.Median;
        var memory = measured.IdleMiB.Median;
        var start = measured.Start.Median;
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"wall_ratio={wall:F2} downtime_ratio={downtime:F2} rss_mb={memory:F0} start_s={start:F2}"));
        return wall <= MostWall && downtime <= MostDowntime && memory <= MostMiB && start <= MostStart ? 0 : 1;
    }

    private static void Row(string what, Series series, string format) => Console.WriteLine(
        $"{what,-52} {Text(series.Median, format)} {Text(series.Least, format)} {Text(series.Most, format)}");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).PadLeft(9);

    private static double MiB(long bytes) => bytes / 1048576.0;

    private sealed class Measured
    {
        public StepTimes Steps { get; } = new();

        public Series OurElapsed { get; } = new();

        public Series VirshElapsed { get; } = new();

        public Series OurWall { get; } = new();

        public Series VirshWall { get; } = new();

        public Series OurDowntime { get; } = new();

        public Series VirshDowntime { get; } = new();

        public Series OurCpu { get; } = new();

        public Series Start { get; } = new();

        public Series IdleMiB { get; } = new();

        public Series BusyMiB { get; } = new();
    }
}
