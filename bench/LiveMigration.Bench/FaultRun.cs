using System.Net;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>One move that meets one fault.</summary>
internal sealed class FaultRun(MatrixLab lab, FaultCase one)
{
    private const long Arrived = 24 << 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ToPhase = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToOutcome = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan ToDeath = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ToTidy = TimeSpan.FromSeconds(40);
    private readonly LabHost _from = lab.Host;
    private readonly LabHost _to = lab.Other;
    private readonly FaultLevers _levers = new(lab.Lab, lab.Guest, lab.Host, lab.Other);
    private bool _made;

    private bool FillsDisk => one.Fault.Kind == FaultKind.FillDestination;

    private bool Waits => one.Expected is FaultOutcome.WaitsThenCompletes or FaultOutcome.WaitsThenTakenBack;

    /// <summary>Runs it. Whatever happens, the fault is over afterwards.</summary>
    public async Task<FaultRow> RunAsync(CancellationToken ct)
    {
        var gate = Path.Combine(lab.Lab.Description.Folder, "gate");
        try
        {
            if (FillsDisk)
            {
                await _levers.ShrinkDestinationAsync(ct);
            }

            return await MoveAsync(gate, ct);
        }
        catch (Exception failed) when (failed is InvalidOperationException or TimeoutException or HttpRequestException or IOException)
        {
            return new FaultRow(one, null, null, 0, [failed.Message]);
        }
        finally
        {
            await MendAsync(CancellationToken.None);
            await File.WriteAllTextAsync(gate, "", CancellationToken.None);
            await lab.EndControllerAsync();
            if (FillsDisk)
            {
                await _levers.WidenDestinationAsync(CancellationToken.None);
            }
        }
    }

    private async Task<FaultRow> MoveAsync(string gate, CancellationToken ct)
    {
        var hold = FaultPhases.HoldOf(one.Phase);
        File.Delete(gate);
        File.Delete(gate + ".reached");
        await lab.StartSettledAsync(hold is null ? null : ArmedController.HoldsAt(hold, gate), ct);
        var console = await lab.Guest.AuditAsync(ct);
        var asked = await lab.Controller.Nova.MoveAsync(lab.Guest.Uuid, _to.Name, Options(), ct);
        await (hold is null ? ReachAsync(asked.Id, ct) : Wait.UntilAsync(
            () => Task.FromResult(File.Exists(gate + ".reached")), ToPhase, $"the controller did not come to {hold}", ct));

        var since = TimeProvider.System.GetTimestamp();
        _made = true;
        await _levers.MakeAsync(one.Fault.Kind, ct);
        await File.WriteAllTextAsync(gate, "", ct);
        return one.Expected == FaultOutcome.Dies ? await DieAsync(since, ct) : await LiveAsync(since, console, ct);
    }

    /// <summary>The guest outlives the fault.</summary>
    private async Task<FaultRow> LiveAsync(long since, TickAudit console, CancellationToken ct)
    {
        var said = new Said();
        if (one.Fault.Seconds is { } seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, ct);
        }
        else
        {
            await WatchAsync(said, row => row.IsOver || (Waits && row.WaitsFor is not null), ct);
        }

        var last = await LatestAsync(ct);
        var waited = one.Fault.Seconds is null && !last.IsOver;
        await MendAsync(ct);
        last = await WatchAsync(said, row => row.IsOver, ct);
        var took = TimeProvider.System.GetElapsedTime(since).TotalSeconds;
        var after = await Aftermath.OfAsync(lab, console, last.HasCompleted ? _to : _from, ToTidy, ct);
        List<string> faults = [.. after.Faults, .. await LeftAtDestinationAsync(ct)];
        if (!last.IsOver)
        {
            faults.Add($"the migration does not end: {last.Status}, {last.Reason}");
        }

        if (waited && said.Reason is null)
        {
            faults.Add("it waited without a word");
        }

        return new FaultRow(one, last.IsOver ? OutcomeOf(last, waited) : null, last.Reason ?? said.Reason, took, faults);
    }

    /// <summary>The guest dies with it.</summary>
    private async Task<FaultRow> DieAsync(long since, CancellationToken ct)
    {
        List<string> faults = [];
        ServerView? shown = null;
        try
        {
            await Wait.UntilAsync(
                async () => (shown = await lab.Controller.Nova.FindServerAsync(lab.Guest.Uuid, ct)) is { Status: "ERROR" or "SHUTOFF" }, ToDeath, "", ct);
        }
        catch (TimeoutException)
        {
            faults.Add($"{ToDeath.TotalSeconds:F0} s after its death the guest is shown as {shown}");
        }

        var took = TimeProvider.System.GetElapsedTime(since).TotalSeconds;
        var said = new Said();
        var last = await WatchAsync(said, row => row.IsOver, ct);
        if (!last.IsOver)
        {
            faults.Add($"the migration does not end: {last.Status}, {last.Reason}");
        }

        if (last is { HasCompleted: false } and { Reason: null })
        {
            faults.Add("the migration does not say why");
        }

        var places = await lab.Guest.WhereAsync(ct);
        faults.AddRange(places.Where(place => place.State == "running").Select(place => $"the guest runs on {place.Host.Name}"));
        if (await lab.Controller.Nova.FindServerAsync(lab.Guest.Uuid, ct) is { TaskState: { } task })
        {
            faults.Add($"its task state is still {task}");
        }

        return new FaultRow(one, faults.Count == 0 ? FaultOutcome.Dies : null, last.Reason ?? said.Reason, took, faults);
    }

    private static FaultOutcome OutcomeOf(MigrationRow row, bool waited) => (row.HasCompleted, waited) switch
    {
        (true, false) => FaultOutcome.Completes,
        (true, true) => FaultOutcome.WaitsThenCompletes,
        (false, false) => FaultOutcome.TakenBack,
        (false, true) => FaultOutcome.WaitsThenTakenBack,
    };

    /// <summary>Looks at the records until they are as wanted, or patience ends.</summary>
    private async Task<MigrationRow> WatchAsync(Said said, Func<MigrationRow, bool> wanted, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var row = await LatestAsync(ct);
            said.Reason = row.WaitsFor ?? said.Reason;
            if (wanted(row) || TimeProvider.System.GetElapsedTime(since) > ToOutcome)
            {
                return row;
            }

            await Task.Delay(Look, TimeProvider.System, ct);
        }
    }

    private async Task<MigrationRow> LatestAsync(CancellationToken ct) =>
        await MigrationRow.LatestAsync(lab.StateFolder, ct) ?? throw new InvalidOperationException("the records know nothing of the move");

    private async Task<IReadOnlyList<string>> LeftAtDestinationAsync(CancellationToken ct) =>
        FillsDisk ? [.. (await _levers.FilesAtDestinationAsync(ct)).Select(file => $"left: {file} on {_to.Name}")] : [];

    private async Task MendAsync(CancellationToken ct)
    {
        if (_made)
        {
            _made = false;
            await _levers.MendAsync(one.Fault.Kind, ct);
        }
    }

    /// <summary>Comes back in mid-copy, or in mid-post-copy.</summary>
    private async Task ReachAsync(int id, CancellationToken ct)
    {
        await ShowsAsync(id, now => now is { Status: "running" } && (FillsDisk ? now.DiskProcessedBytes : now.MemoryProcessedBytes) > 0, ct);
        if (one.Phase != FaultPhase.PostCopy)
        {
            return;
        }

        var code = await lab.Controller.Nova.ForceCompleteAsync(lab.Guest.Uuid, id, ct);
        if (code != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"it could not be forced: {code}");
        }

        var switched = (await ShowsAsync(id, now => now.Status == "running (post-copy)", ct)).MemoryProcessedBytes;
        await ShowsAsync(id, now => now.MemoryProcessedBytes > switched + Arrived, ct);
    }

    private async Task<MigrationView> ShowsAsync(int id, Func<MigrationView, bool> wanted, CancellationToken ct)
    {
        MigrationView? last = null;
        await Wait.UntilAsync(
            async () => (last = await lab.Controller.Nova.ShowMigrationAsync(id, ct)) is { HasEnded: true } || wanted(last),
            ToPhase,
            "the phase was not met",
            ct);
        return last is { HasEnded: false } ? last : throw new InvalidOperationException($"it ended before the phase was met: {last?.Status}, {last?.Reason}");
    }

    private Dictionary<string, object> Options()
    {
        var options = new Dictionary<string, object>(StringComparer.Ordinal);
        if (one.Phase == FaultPhase.PreCopy)
        {
            // The guest writes 4 MB a second: with less than twice that it may take minutes until the rest is small enough.
            options["bandwidth_mibps"] = 10;
        }

        if (one.Phase == FaultPhase.PostCopy)
        {
            (options["permit_post_copy"], options["bandwidth_mibps"], options["post_copy_bandwidth_mibps"]) = (true, 4, 10);
        }

        // What is cut for good need not be waited for as long as in production.
        if (one.Fault.Seconds is null)
        {
            options["stalled_timeout_seconds"] = 10;
        }

        return options;
    }

    private sealed class Said
    {
        public string? Reason { get; set; }
    }
}
