using LiveMigration.Core.Errors;
using LiveMigration.Core.Sagas;

namespace LiveMigration.Tests.Sagas;

/// <summary>The outside of a toy saga: what its steps have made, and on which side of the pivot it is.</summary>
internal sealed class ToyWorld
{
    public HashSet<string> Made { get; } = new(StringComparer.Ordinal);

    public bool Moved { get; set; }

    public bool Ended { get; set; }

    public bool Silent { get; set; }

    /// <summary>True while the move goes on without anybody, and can't be watched.</summary>
    public bool Unwatchable { get; set; }

    /// <summary>The name of the act that fails, once.</summary>
    public string? FailsAt { get; set; }

    /// <summary>What it fails with; null = a failure of its own.</summary>
    public Exception? FailsWith { get; set; }

    /// <summary>True to do the act first and fail then: the reply was lost.</summary>
    public bool FailsLate { get; set; }

    public void Act(string name, Action act)
    {
        var fails = FailsAt == name;
        if (fails)
        {
            FailsAt = null;
        }

        if (fails && !FailsLate)
        {
            throw FailsWith ?? new MigrationError($"{name} was told to fail");
        }

        act();
        if (fails)
        {
            throw FailsWith ?? new MigrationError($"{name} lost its reply");
        }
    }
}

internal sealed record ToyState(string? Failure = null, bool Cancelled = false);

/// <summary>Two steps, a pivot and two more, each leaving a trace in the world.</summary>
internal sealed class ToySaga(ToyWorld world) : Saga<ToyState>("toy", 1)
{
    public static readonly string[] Acts =
        ["claim", "prepare", "move", "settle", "tidy", "undo claim", "undo prepare", "finish"];

    protected override void Define(SagaBuilder<ToyState> saga) => saga
        .Step("claim", Make("claim"), Unmake("claim"))
        .Step("prepare", Make("prepare"), Unmake("prepare"))
        .Pivot("move", Move, Ask, Attach)
        .Step("settle", Make("settle"))
        .Step("tidy", (state, _, _) => Do(state, "tidy", () => world.Made.ExceptWith(["claim", "prepare", "settle"])))
        .WhenUnwound(
            (state, reason, cancelled) => state with { Failure = reason, Cancelled = cancelled },
            (state, _, _) => Do(state, "finish", () => world.Ended = true));

    private StepAction<ToyState> Make(string name) => (state, _, _) => Do(state, name, () => world.Made.Add(name));

    private StepAction<ToyState> Unmake(string name) => (state, _, _) => Do(state, $"undo {name}", () => world.Made.Remove(name));

    private Task<ToyState> Move(ToyState state, SagaRun run, CancellationToken ct) => Do(state, "move", () => world.Moved = true);

    private Task<PivotObservation> Ask(ToyState state, SagaRun run, CancellationToken ct) => Task.FromResult(
        world.Silent ? PivotObservation.Unknown : world.Unwatchable ? PivotObservation.InProgress : world.Moved ? PivotObservation.Succeeded : PivotObservation.NotStarted);

    private Task<ToyState> Attach(ToyState state, SagaRun run, CancellationToken ct) => Task.FromResult(
        world.Unwatchable ? throw new MigrationError("move refused a lever") : state);

    private Task<ToyState> Do(ToyState state, string name, Action act)
    {
        world.Act(name, act);
        return Task.FromResult(state);
    }
}
