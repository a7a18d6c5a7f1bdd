using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>One guest to and fro; nothing may be lost and nothing left.</summary>
internal static class ShuttleCommand
{
    private const string GuestName = "shuttle";

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var moves = options.Number("--moves", 20, 1, 100_000);
        options.End();

        LabDescription lab;
        int completed;
        TickAudit audit;
        List<string> leftovers;
        await using (var bench = await Bench.UpAsync("shutt", ct))
        {
            lab = bench.Lab.Description;
            var (guest, host) = await bench.StartGuestAsync(GuestName, ct);
            (completed, host) = await MoveAsync(bench, guest, host, moves, ct);
            await guest.WaitForTicksAsync(2, TimeProvider.System, ct);
            audit = await guest.AuditAsync(ct);
            var guests = new Dictionary<string, LabHost>(StringComparer.Ordinal) { [guest.Name] = host };
            leftovers =
            [
                .. await LabLeftovers.OfMovesAsync(bench.Lab, guests, ct),
                .. await StateRows.OfMovesAsync(bench.Controller.StateFolder, ct),
            ];
        }

        leftovers.AddRange(await LabLeftovers.OfLabAsync(lab, ct));
        leftovers.ForEach(left => Console.WriteLine($"left: {left}"));
        if (audit.Backwards + audit.Doubled > 0)
        {
            Console.WriteLine($"the guest ran twice or began again: {audit}");
        }

        Console.WriteLine($"completed={completed} ticks_lost={audit.Lost} leftovers={leftovers.Count}");
        return completed == moves && audit.IsFlawless && leftovers.Count == 0 ? 0 : 1;
    }

    private static async Task<(int Completed, LabHost Host)> MoveAsync(
        Bench bench, LabGuest guest, LabHost host, int moves, CancellationToken ct)
    {
        var completed = 0;
        for (var move = 1; move <= moves; move++)
        {
            var to = bench.Other(host);
            var began = TimeProvider.System.GetTimestamp();
            var asked = await bench.Nova.MoveAsync(guest.Uuid, to.Name, ct);
            var migration = await bench.Nova.WaitForEndAsync(asked.Id, TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{move,4}  {host.Name} -> {to.Name}  {migration.Status}  {seconds:F2} s  downtime {migration.DowntimeMs} ms  {migration.Reason}").TrimEnd());
            if (migration.HasCompleted)
            {
                completed++;
            }

            var places = await guest.WhereAsync(ct);
            if (places is not [{ State: "running" } place])
            {
                Console.WriteLine($"      {guest.Name} is not in one place: {string.Join(", ", places.Select(p => $"{p.Host.Name} {p.State}"))}");
                break;
            }

            host = place.Host;
        }

        return (completed, host);
    }
}
