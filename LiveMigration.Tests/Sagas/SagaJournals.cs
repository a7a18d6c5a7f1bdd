using LiveMigration.Core.Sagas;

namespace LiveMigration.Tests.Sagas;

/// <summary>Every journal that a run of a saga can leave behind, wherever it dies, one for each place it can have come to.</summary>
internal static class SagaJournals
{
    /// <summary>A place in the flow.</summary>
    /// <param name="Where">In words.</param>
    /// <param name="Lines">The journal there.</param>
    internal sealed record Place(string Where, IReadOnlyList<JournalEntry> Lines);

    public static IEnumerable<Place> Of(SagaPlan plan)
    {
        var before = new List<JournalEntry>();
        for (var index = 0; index < plan.Steps.Count; index++)
        {
            var step = plan.Steps[index];
            yield return new Place($"before {step.Name}", [.. before]);
            foreach (var place in index == plan.Pivot ? AtPivot(plan, before) : InStep(plan, before, index))
            {
                yield return place;
            }

            before.AddRange([new(step.Name, JournalKind.StepStarted), new(step.Name, JournalKind.StepDone)]);
        }

        yield return new Place("all done", [.. before]);
        yield return new Place("completed", [.. before, new("", JournalKind.Completed)]);
    }

    private static IEnumerable<Place> InStep(SagaPlan plan, List<JournalEntry> before, int index)
    {
        var name = plan.Steps[index].Name;
        JournalEntry[] started = [.. before, new(name, JournalKind.StepStarted)];
        JournalEntry[] failed = [.. started, new(name, JournalKind.StepFailed, "why")];
        yield return new Place($"in {name}", started);
        yield return new Place($"{name} failed", failed);
        if (index > plan.Pivot)
        {
            yield return new Place($"{name} failed twice", [.. failed, new(name, JournalKind.StepStarted), new(name, JournalKind.StepFailed, "why")]);
            yield break;
        }

        foreach (var place in TurnedRound(plan, started, $"in {name}").Concat(TurnedRound(plan, failed, $"{name} failed")))
        {
            yield return place;
        }
    }

    private static IEnumerable<Place> AtPivot(SagaPlan plan, List<JournalEntry> before)
    {
        var name = plan.Steps[plan.Pivot].Name;
        JournalEntry[] started = [.. before, new(name, JournalKind.StepStarted)];
        (string, JournalEntry[])[] places =
        [
            ($"in {name}", started),
            ($"{name} came back", [.. started, new(name, JournalKind.PivotReturned)]),
            ($"{name} came back with an error", [.. started, new(name, JournalKind.PivotReturned, "why")]),
            ($"in {name}, begun twice", [.. started, new(name, JournalKind.StepStarted)]),
            ($"{name}, begun twice, came back with an error", [.. started, new(name, JournalKind.StepStarted), new(name, JournalKind.PivotReturned, "why")]),
        ];
        foreach (var (where, lines) in places)
        {
            yield return new Place(where, lines);
            foreach (var place in TurnedRound(plan, lines, where))
            {
                yield return place;
            }
        }
    }

    private static IEnumerable<Place> TurnedRound(SagaPlan plan, IReadOnlyList<JournalEntry> lines, string where)
    {
        var back = new List<JournalEntry>(lines) { new("", JournalKind.UnwindBegun, "why") };
        yield return new Place($"{where}, turned round", [.. back]);
        foreach (var step in plan.Steps.Take(plan.Pivot + 1).Reverse())
        {
            if (!step.HasUndo || !lines.Any(line => line.Step == step.Name && line.Kind == JournalKind.StepStarted))
            {
                continue;
            }

            yield return new Place($"{where}, undoing {step.Name} failed", [.. back, new(step.Name, JournalKind.UndoFailed, "busy")]);
            back.Add(new(step.Name, JournalKind.UndoDone));
            yield return new Place($"{where}, {step.Name} undone", [.. back]);
        }

        yield return new Place($"{where}, ending failed", [.. back, new("", JournalKind.UndoFailed, "busy")]);
        yield return new Place($"{where}, taken back", [.. back, new("", JournalKind.Unwound)]);
    }
}
