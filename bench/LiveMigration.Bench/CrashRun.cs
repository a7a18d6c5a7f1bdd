using System.Net;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>Moves of one guest in one way, in each of which the controller dies at another point.</summary>
internal sealed class CrashRun(MatrixLab lab, string kind, bool back)
{
    /// <summary>Not a failpoint of the program: the bench kills it while memory flows and nothing is written.</summary>
    public const string UnderWay = "transfer:under-way";

    /// <summary>What a row says whose point the move did not pass.</summary>
    public const string NotReached = "the point was not reached: nothing was tried";

    private const string Bandwidth = "bandwidth_mibps";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ToTidy = TimeSpan.FromSeconds(5);
    private readonly string _way = back ? "back" : "forward";

    /// <summary>
    /// The points of a whole move, in the order in which they are passed. On the way back only those from the abort on:
    /// before it the way is the same.
    /// </summary>
    public async Task<IReadOnlyList<string>> RecordAsync(CancellationToken ct)
    {
        var trace = Path.Combine(lab.Lab.Description.Folder, $"trace-{kind}-{_way}");
        File.Delete(trace);
        await lab.StartSettledAsync(ArmedController.Traces(trace), ct);
        var before = 0;
        await MoveAsync(point: null, async () => before = (await ArmedController.PassedAsync(trace, ct)).Count, ct);
        await Wait.UntilAsync(
            async () => await MigrationRow.LatestAsync(lab.StateFolder, ct) is { IsOver: true }, Patience, "the recorded move does not end", ct);
        await lab.StopControllerAsync(ct);
        var row = (await lab.Guest.WhereAsync(ct)).Single();
        lab.NoteHost(row.Host);

        // The job and the recovery pass may both reach for the lease; how often is chance, and who comes second writes nothing.
        List<string> passed =
        [
            .. (await ArmedController.PassedAsync(trace, ct)).Select((point, index) => (Point: point, Index: index))
                .Where(one => one.Index >= before && !(one.Point.StartsWith("journal:take:", StringComparison.Ordinal) && one.Point.Contains('#', StringComparison.Ordinal)))
                .Select(one => one.Point),
        ];
        return back ? passed : [.. passed, UnderWay];
    }

    /// <summary>One row: a controller that dies at the point, and one that goes on.</summary>
    public async Task<CrashRow> DieAtAsync(string point, CancellationToken ct)
    {
        try
        {
            await lab.StartSettledAsync(string.Equals(point, UnderWay, StringComparison.Ordinal) ? null : ArmedController.DiesAt(point), ct);
            var earlier = (await MigrationRow.LatestAsync(lab.StateFolder, ct))?.Id ?? 0;
            var (from, to, console) = (lab.Host, lab.Other, await lab.Guest.AuditAsync(ct));
            if (!await MoveAsync(point, onAbort: null, ct))
            {
                await lab.StopControllerAsync(ct);
                lab.NoteHost((await lab.Guest.WhereAsync(ct)).Single().Host);
                return Row(point, null, null, null, null, [NotReached]);
            }

            var code = await lab.KillControllerAsync(ct);
            return await RecoverAsync(point, earlier, code, from, to, console, ct);
        }
        catch (Exception failed) when (failed is InvalidOperationException or TimeoutException or HttpRequestException or IOException)
        {
            return Row(point, null, null, null, null, [failed.Message]);
        }
    }

    private async Task<CrashRow> RecoverAsync(
        string point, int earlier, int code, LabHost from, LabHost to, TickAudit console, CancellationToken ct)
    {
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        await lab.StartControllerAsync(environment: null, ct);
        var answered = TimeProvider.System.GetUtcNow().UtcDateTime;
        var (row, attached) = await WatchAsync(began, ct);
        var moved = row?.Id > earlier ? row : null;
        var expected = moved is { HasCompleted: true } ? to : from;
        var after = await Aftermath.OfAsync(lab, console, moved is { IsOver: false } ? null : expected, ToTidy, ct);
        List<string> faults = [.. after.Faults];
        if (code != ArmedController.Killed)
        {
            faults.Add($"the controller ended by itself ({code})");
        }

        if (moved is null)
        {
            faults.Add("the records know nothing of the move");
        }
        else if (!moved.IsOver)
        {
            faults.Add($"the migration does not end: {moved.Status}, {moved.Reason}");
        }

        await lab.StopControllerAsync(ct);
        return Row(point, moved?.Status, Seconds(answered, attached), Seconds(began, attached), after, faults);
    }

    /// <summary>Until the migration is over; and when the new controller first wrote something about it.</summary>
    private async Task<(MigrationRow? Row, DateTime? Attached)> WatchAsync(DateTime began, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        DateTime? attached = null;
        while (true)
        {
            var row = await MigrationRow.LatestAsync(lab.StateFolder, ct);
            attached ??= row is null ? null : Earliest(row.NextLine, row.UpdatedAt, began);
            if (row is null or { IsOver: true } || TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                return (row, attached);
            }

            await Task.Delay(ShortLook, TimeProvider.System, ct);
        }
    }

    private static DateTime? Earliest(DateTime? one, DateTime? other, DateTime began)
    {
        var (first, second) = (one > began ? one : null, other > began ? other : null);
        return first < second ? first : second ?? first;
    }

    // The first answer is noticed some milliseconds late.
    private static double? Seconds(DateTime from, DateTime? to) => to is { } then ? Math.Max(0, (then - from).TotalSeconds) : null;

    private CrashRow Row(
        string point, string? ended, double? reattached, double? fromStart, Aftermath? after, IReadOnlyList<string> faults) =>
        new(kind, _way, point, ended, reattached, fromStart, after?.Doubled ?? false, after?.Lost ?? false, faults);

    /// <summary>Asks for the move and does to it what this way and this point want.</summary>
    /// <returns>True when the controller has died over it.</returns>
    private async Task<bool> MoveAsync(string? point, Func<Task>? onAbort, CancellationToken ct)
    {
        var controller = lab.Controller;
        try
        {
            var asked = await controller.Nova.MoveAsync(lab.Guest.Uuid, lab.Other.Name, Options(point), ct);
            var aborted = false;
            while (!controller.Process.HasExited)
            {
                var now = await controller.Nova.ShowMigrationAsync(asked.Id, ct);
                if (now.HasEnded)
                {
                    return await DiesAsync(controller, ct);
                }

                if (now is { Status: "running", MemoryProcessedBytes: > 0 })
                {
                    aborted = aborted || await DisturbAsync(controller, point, onAbort, asked.Id, ct);
                }

                await Task.Delay(Look, TimeProvider.System, ct);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return await DiesAsync(controller, ct);
        }

        return true;
    }

    private async Task<bool> DisturbAsync(LabController controller, string? point, Func<Task>? onAbort, int migration, CancellationToken ct)
    {
        if (string.Equals(point, UnderWay, StringComparison.Ordinal))
        {
            controller.Process.Kill();
        }
        else if (back)
        {
            if (onAbort is not null)
            {
                await onAbort();
            }

            return await controller.Nova.AbortAsync(lab.Guest.Uuid, migration, ct) == HttpStatusCode.Accepted;
        }

        return false;
    }

    private static async Task<bool> DiesAsync(LabController controller, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!controller.Process.HasExited && TimeProvider.System.GetElapsedTime(since) < LastMoment)
        {
            await Task.Delay(ShortLook, TimeProvider.System, ct);
        }

        return controller.Process.HasExited;
    }

    // What is disturbed in its copy needs one that lasts.
    private Dictionary<string, object> Options(string? point)
    {
        var options = new Dictionary<string, object>(StringComparer.Ordinal);
        if (back || string.Equals(point, UnderWay, StringComparison.Ordinal))
        {
            options[Bandwidth] = back ? 4 : 8;
        }

        return options;
    }
}
