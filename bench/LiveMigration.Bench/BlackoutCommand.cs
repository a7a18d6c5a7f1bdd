using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What a third machine hears of a guest that moves. The controller can't know it: it sees neither side's packets.</summary>
internal static class BlackoutCommand
{
    private const string GuestName = "blackout";
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var moves = options.Number("--moves", 5, 1, 10_000);
        options.End();

        Series blackout = new(), downtime = new(), quiet = new();
        var completed = 0;
        await using (var bench = await Bench.UpAsync("black", ct))
        {
            var (guest, host) = await bench.StartGuestAsync(GuestName, ct);
            using var echo = new EchoProbe(await guest.AddressAsync(ct));
            for (var move = 1; move <= moves; move++)
            {
                var seen = await MoveAsync(bench, echo, guest, host, ct);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{move,4}  {seen.Status}  blackout {seen.BlackoutMs:F0} ms, downtime {seen.DowntimeMs:F0} ms, quiet {seen.QuietMs:F0} ms"));
                if (seen.Status != "completed")
                {
                    break;
                }

                completed++;
                host = bench.Other(host);
                blackout.Add(seen.BlackoutMs);
                downtime.Add(seen.DowntimeMs);
                quiet.Add(seen.QuietMs);
            }
        }

        if (completed < moves)
        {
            return 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"blackout_ms={blackout.Median:F0} downtime_ms={downtime.Median:F0} quiet_ms={quiet.Median:F0}"));
        return 0;
    }

    private static async Task<Seen> MoveAsync(Bench bench, EchoProbe echo, LabGuest guest, LabHost from, CancellationToken ct)
    {
        var to = bench.Other(from);
        await Wait.UntilAsync(
            async () => (await bench.Nova.FindServerAsync(guest.Uuid, ct))?.RestsOn(from.Name) == true,
            TimeSpan.FromSeconds(90),
            $"the API does not show {guest.Name} on {from.Name}",
            ct);
        await Wait.UntilAsync(() => Task.FromResult(echo.Answers > 0), TimeSpan.FromSeconds(30), $"{guest.Name} answers no ping", ct);
        var calm = echo.Now;
        await Task.Delay(Before, TimeProvider.System, ct);
        var asked = echo.Now;
        var migration = await bench.Nova.MoveAsync(guest.Uuid, to.Name, ct);
        migration = await bench.Nova.WaitForEndAsync(migration.Id, TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        await Task.Delay(After, TimeProvider.System, ct);
        var ended = echo.Now;
        var heard = echo.Answers;
        await Wait.UntilAsync(() => Task.FromResult(echo.Answers > heard), TimeSpan.FromSeconds(60), $"{guest.Name} answers no ping any more", ct);
        return new Seen(migration.Status, echo.LongestSilence(asked, ended).TotalMilliseconds, migration.DowntimeMs ?? 0, echo.LongestSilence(calm, asked).TotalMilliseconds);
    }

    private sealed record Seen(string Status, double BlackoutMs, double DowntimeMs, double QuietMs);
}
