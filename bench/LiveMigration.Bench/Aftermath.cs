using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What is true of the guest and of its records once a move is over, by what both hosts, its console and the records say.</summary>
/// <param name="Doubled">True when the guest ran twice, or began anew.</param>
/// <param name="Lost">True when it runs nowhere.</param>
/// <param name="Faults">Everything that is not as it should be; none when all is well.</param>
/// <param name="Host">Where it runs; null unless that is one host.</param>
internal sealed record Aftermath(bool Doubled, bool Lost, IReadOnlyList<string> Faults, LabHost? Host)
{
    private static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(60);

    /// <summary>Looks at everything.</summary>
    /// <param name="lab">The lab, with a controller that runs.</param>
    /// <param name="before">The guest's console before the move.</param>
    /// <param name="expected">Where the guest should be by what became of the move; null for either host.</param>
    /// <param name="patience">How long the records and what is left may take.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Aftermath> OfAsync(
        MatrixLab lab, TickAudit before, LabHost? expected, TimeSpan patience, CancellationToken ct)
    {
        var faults = new List<string>();
        var places = await lab.Guest.WhereAsync(ct);
        var running = places.Where(place => string.Equals(place.State, "running", StringComparison.Ordinal)).ToList();
        if (places is not [{ State: "running" }])
        {
            faults.Add($"it is not on one host: {string.Join(", ", places.Select(place => $"{place.Host.Name} {place.State}"))}");
        }

        var host = running is [var one] ? one.Host : null;
        if (expected is not null && host is not null && host != expected)
        {
            faults.Add($"it runs on {host.Name}, but should on {expected.Name}");
        }

        var console = host is null ? before : await TicksOnAsync(lab, faults, ct);
        var doubled = running.Count > 1 || console.Doubled > before.Doubled || console.Backwards > before.Backwards;
        if (doubled || console.Lost > before.Lost || console.DiskErrors > before.DiskErrors)
        {
            faults.Add($"its console tells otherwise: before {before}, now {console}");
        }

        if (host is not null)
        {
            lab.NoteHost(host);
            await IsRecordedAsync(lab, host, faults, patience, ct);
            faults.AddRange(await LeftoversAsync(lab, host, patience, ct));
        }

        return new Aftermath(doubled, running.Count == 0, faults, host);
    }

    private static async Task<TickAudit> TicksOnAsync(MatrixLab lab, List<string> faults, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(TickPatience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await lab.Guest.WaitForTicksAsync(1, TimeProvider.System, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            faults.Add($"it does not tick within {TickPatience.TotalSeconds:F0} s");
        }

        return await lab.Guest.AuditAsync(ct);
    }

    private static async Task IsRecordedAsync(
        MatrixLab lab, LabHost host, List<string> faults, TimeSpan patience, CancellationToken ct)
    {
        ServerView? shown = null;
        if (!await HoldsAsync(async () => (shown = await lab.Controller.Nova.FindServerAsync(lab.Guest.Uuid, ct))?.RestsOn(host.Name) == true, patience, ct))
        {
            faults.Add($"the API shows it as {shown?.ToString() ?? "none"}");
        }
    }

    private static async Task<IReadOnlyList<string>> LeftoversAsync(MatrixLab lab, LabHost host, TimeSpan patience, CancellationToken ct)
    {
        IReadOnlyList<string> left = [];
        await HoldsAsync(
            async () =>
            {
                var guests = new Dictionary<string, LabHost>(StringComparer.Ordinal) { [lab.Guest.Name] = host };
                left = [.. await LabLeftovers.OfMovesAsync(lab.Lab, guests, ct), .. await StateRows.OfMovesAsync(lab.StateFolder, ct)];
                return left.Count == 0;
            },
            patience,
            ct);
        return [.. left.Select(one => $"left: {one}")];
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            await Wait.UntilAsync(condition, patience, "", ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
