using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What moving a local disk costs through the controller against virsh alone, with the same data.</summary>
internal static class BlockCommand
{
    private const string GuestName = "block";
    private const double MostWall = 1.0;
    private const int HeadMiB = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var moves = options.Number("--moves", 4, 1, 1000);
        var disk = options.Number("--disk-mib", 1024, 64, 65_536);
        options.End();

        await using var bench = await Bench.UpAsync("block", ct);
        var (guest, host) = await bench.StartGuestAsync(
            GuestName, ct, new LabGuestOptions { Disk = LabGuestDisk.Local, DiskMiB = disk, DiskFillMiB = disk - HeadMiB });
        var sum = await guest.DiskSumAsync(ct);
        var (ours, virsh, steps) = (new Series(), new Series(), new StepTimes());

        // One of each kind unmeasured: the first of all pays for what later ones find ready.
        host = await ByUsAsync(bench, guest, host, new Series(), new StepTimes(), ct);
        host = await ByVirshAsync(bench, guest, host, new Series(), ct);
        for (var move = 0; move < moves; move++)
        {
            var weGoFirst = move % 2 == 0;
            host = weGoFirst ? await ByUsAsync(bench, guest, host, ours, steps, ct) : await ByVirshAsync(bench, guest, host, virsh, ct);
            host = weGoFirst ? await ByVirshAsync(bench, guest, host, virsh, ct) : await ByUsAsync(bench, guest, host, ours, steps, ct);
            Console.WriteLine($"{move + 1} of {moves}");
        }

        await DemandWholeAsync(guest, sum, ct);
        return Tell(ours, virsh, steps, disk);
    }

    private static async Task<LabHost> ByUsAsync(
        Bench bench, LabGuest guest, LabHost from, Series wall, StepTimes steps, CancellationToken ct)
    {
        var to = bench.Other(from);
        await Wait.UntilAsync(
            async () => (await bench.Nova.FindServerAsync(guest.Uuid, ct))?.RestsOn(from.Name) == true,
            TimeSpan.FromSeconds(90),
            $"the API does not show {guest.Name} on {from.Name}",
            ct);
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        var asked = await bench.Nova.MoveAsync(guest.Uuid, to.Name, ct);
        var migration = await bench.Nova.WaitForEndAsync(asked.Id, Interval, TimeProvider.System, ct);
        if (!migration.HasCompleted)
        {
            throw new InvalidOperationException($"a move ended as {migration.Status}: {migration.Reason}");
        }

        wall.Add((migration.FinishedAt!.Value - began).TotalSeconds);
        steps.Add(migration);
        await guest.WaitForTicksAsync(1, TimeProvider.System, ct);
        return to;
    }

    private static async Task<LabHost> ByVirshAsync(Bench bench, LabGuest guest, LabHost from, Series wall, CancellationToken ct)
    {
        var to = bench.Other(from);
        var began = TimeProvider.System.GetTimestamp();
        await guest.MoveByHandAsync(from, to, ct, "--copy-storage-all");
        wall.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        await guest.WaitForTicksAsync(1, TimeProvider.System, ct);

        // virsh leaves the original where it was; in its own time, as an operator would have to.
        var removed = await bench.Lab.EnterAsync(
            from, ["virsh", "-q", "-c", "qemu:///system", $"pool-refresh local; vol-delete --pool local {guest.Name}.qcow2"], ct);
        return removed.Succeeded ? to : throw new InvalidOperationException($"the original could not be removed: {removed.Error}");
    }

    private static async Task DemandWholeAsync(LabGuest guest, string sum, CancellationToken ct)
    {
        var audit = await guest.AuditAsync(ct);
        if (!audit.IsFlawless)
        {
            throw new InvalidOperationException($"the guest did not live through it: {audit}");
        }

        if (!string.Equals(sum, await guest.DiskSumAsync(ct), StringComparison.Ordinal))
        {
            throw new InvalidOperationException("the disk's data did not arrive unchanged");
        }
    }

    private static int Tell(Series ours, Series virsh, StepTimes steps, int disk)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-52} {"median",9} {"min",9} {"max",9}");
        Row($"a disk of {disk} MiB through the API, POST to completed, s", ours, "F3");
        Row("the same by virsh migrate --copy-storage-all, s", virsh, "F3");
        Console.WriteLine();
        Console.WriteLine("where the time goes, ms from the line before in the journal");
        foreach (var (step, series) in steps.All)
        {
            Row($"  {step}", series, "F0");
        }

        var wall = ours.Median / virsh.Median;
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wall_ratio={wall:F2}"));
        return wall <= MostWall ? 0 : 1;
    }

    private static void Row(string what, Series series, string format) => Console.WriteLine(
        $"{what,-52} {Text(series.Median, format)} {Text(series.Least, format)} {Text(series.Most, format)}");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).PadLeft(9);
}
