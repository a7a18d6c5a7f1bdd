using System.Globalization;
using System.Net;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>Many moves in a row, of every kind. Nothing may be lost, and nothing may grow.</summary>
internal static class SoakCommand
{
    private const int Early = 20;
    private const double MostGrowthPercent = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var moves = options.Number("--moves", 200, SoakKind.Mix.Count, 100_000);
        options.End();

        await using var bench = await Bench.UpAsync("soak", ct);
        var guests = new Dictionary<LabGuestDisk, (LabGuest Guest, LabHost Host)>();
        foreach (var disk in SoakKind.Mix.Select(kind => kind.Disk).Distinct())
        {
            guests[disk] = await bench.StartGuestAsync(
                $"soak-{disk.ToString().ToLowerInvariant()}",
                ct,
                new LabGuestOptions { MemoryMiB = 128, DirtyMBPerSecond = 2, DirtyAreaMB = 16, Disk = disk, DiskMiB = 32 });
        }

        var (completed, failed) = (0, 0);
        var early = Footprint.Of(bench.Controller.Process);
        for (var move = 1; move <= moves; move++)
        {
            var kind = SoakKind.Mix[(move - 1) % SoakKind.Mix.Count];
            var (guest, host) = guests[kind.Disk];
            var migration = await MoveAsync(bench, kind, guest, host, move, ct);
            _ = migration.HasCompleted ? completed++ : failed++;
            guests[kind.Disk] = (guest, migration.HasCompleted ? bench.Other(host) : host);
            if (move == Early)
            {
                early = Footprint.Of(bench.Controller.Process);
            }
        }

        var late = Footprint.Of(bench.Controller.Process);
        var leaked = await LeakedAsync(bench, guests.Values, ct);
        leaked.AddRange(late.LeakedSince(early));
        leaked.ForEach(left => Console.WriteLine($"leaked: {left}"));
        Console.WriteLine($"after {Math.Min(Early, moves)} moves {early}, after {moves} {late}");
        var growth = late.GrowthPercentSince(early);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"completed={completed} failed={failed} leaked={leaked.Count} rss_growth_pct={growth:F1}"));
        return completed == moves && leaked.Count == 0 && growth <= MostGrowthPercent ? 0 : 1;
    }

    private static async Task<MigrationView> MoveAsync(
        Bench bench, SoakKind kind, LabGuest guest, LabHost from, int move, CancellationToken ct)
    {
        await Wait.UntilAsync(
            async () => (await bench.Nova.FindServerAsync(guest.Uuid, ct))?.RestsOn(from.Name) == true,
            TimeSpan.FromSeconds(90),
            $"the API does not show {guest.Name} on {from.Name}",
            ct);
        var to = bench.Other(from);
        var began = TimeProvider.System.GetTimestamp();
        var asked = await bench.Nova.MoveAsync(guest.Uuid, to.Name, kind.Options, ct);
        if (kind.ByPostCopy)
        {
            await ForceAsync(bench, guest, asked.Id, ct);
        }

        var migration = await bench.Nova.WaitForEndAsync(asked.Id, Interval, TimeProvider.System, ct);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{move,5}  {kind.Name,-10} {from.Name} -> {to.Name}  {migration.Status}  {seconds:F2} s  {migration.Reason}").TrimEnd());
        return migration;
    }

    /// <summary>Forces it as soon as that is legal; one that has ended by itself needs no force.</summary>
    private static async Task ForceAsync(Bench bench, LabGuest guest, int id, CancellationToken ct)
    {
        while (!(await bench.Nova.ShowMigrationAsync(id, ct)).HasEnded
            && await bench.Nova.ForceCompleteAsync(guest.Uuid, id, ct) != HttpStatusCode.Accepted)
        {
            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }

    private static async Task<List<string>> LeakedAsync(
        Bench bench, IReadOnlyCollection<(LabGuest Guest, LabHost Host)> guests, CancellationToken ct)
    {
        var leaked = new List<string>();
        foreach (var (guest, host) in guests)
        {
            await guest.WaitForTicksAsync(2, TimeProvider.System, ct);
            if (await guest.AuditAsync(ct) is { IsFlawless: false } audit)
            {
                leaked.Add($"{guest.Name} did not live through it: {audit}");
            }

            if (!await Bench.RunsOnlyOnAsync(guest, host, ct))
            {
                leaked.Add($"{guest.Name} does not run on {host.Name} alone");
            }
        }

        foreach (var (guest, host) in guests.Where(place => place.Guest.Name.EndsWith("volume", StringComparison.Ordinal)))
        {
            var letIn = await guest.LetInByVolumeAsync(ct);
            leaked.AddRange(letIn.Where(other => other != host).Select(other => $"{guest.Name}'s volume lets {other.Name} in"));
        }

        leaked.AddRange(await LabLeftovers.OfMovesAsync(
            bench.Lab, guests.ToDictionary(place => place.Guest.Name, place => place.Host, StringComparer.Ordinal), ct));
        leaked.AddRange(await StateRows.OfMovesAsync(bench.Controller.StateFolder, ct));
        return leaked;
    }
}
