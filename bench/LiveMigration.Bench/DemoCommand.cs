using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What <c>./run</c> shows: a real guest moves between two real hypervisors while it runs.</summary>
internal static class DemoCommand
{
    private const string GuestName = "demo";

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var once = options.Flag("--once");
        var port = options.Number("--port", 8774, 1, 65535);
        options.End();

        Say("bringing two hypervisors up, host-a and host-b …");
        await using var bench = await Bench.UpAsync("demo", ct, port);
        Say($"booting the guest {GuestName} …");
        var (guest, source) = await bench.StartGuestAsync(GuestName, ct);
        await MoveAsync(bench, guest, source, ct);
        if (!once)
        {
            await ServeAsync(bench, ct);
        }

        return 0;
    }

    private static async Task MoveAsync(Bench bench, LabGuest guest, LabHost source, CancellationToken ct)
    {
        var destination = bench.Other(source);
        var began = TimeProvider.System.GetTimestamp();
        var progress = new ProgressLine(guest.Name);
        var asked = await bench.Nova.MoveAsync(guest.Uuid, destination.Name, ct);
        var migration = await bench.Nova.WaitForEndAsync(
            asked.Id, TimeSpan.FromMilliseconds(100), TimeProvider.System, ct, progress.Show);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        progress.End();
        if (!migration.HasCompleted)
        {
            throw new InvalidOperationException($"the move ended as {migration.Status}: {migration.Reason}; see {bench.Controller.Process.LogFile}");
        }

        await guest.WaitForTicksAsync(2, TimeProvider.System, ct);
        if (!await Bench.RunsOnlyOnAsync(guest, destination, ct))
        {
            throw new InvalidOperationException($"{guest.Name} does not run on {destination.Name} alone; see lab/guest where {guest.Name}");
        }

        var audit = await guest.AuditAsync(ct);
        if (!audit.IsFlawless && audit.Lost == 0)
        {
            throw new InvalidOperationException($"the guest's ticks are wrong: {audit}");
        }

        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"migrated {guest.Name} {source.Name} -> {destination.Name} in {seconds:F1} s, downtime {migration.DowntimeMs} ms, guest missed {audit.Lost} ticks"));
    }

    private static async Task ServeAsync(Bench bench, CancellationToken ct)
    {
        var address = bench.Controller.Process.BaseAddress;
        Say($"""

            API         {new Uri(address, "v2.1/")}   header X-Auth-Token: the content of {bench.Controller.TokenFile}
            OpenAPI     {new Uri(address, "docs")}
            dashboard   {new Uri(address, "hangfire")}   user admin, password in {bench.Controller.PasswordFile}

            Ctrl-C ends it and takes everything down.
            """);
        var exit = await bench.Controller.Process.WaitForExitAsync(ct);
        throw new InvalidOperationException($"the controller ended ({exit}); see {bench.Controller.Process.LogFile}");
    }

    private static void Say(string text) => Console.WriteLine(text);
}
