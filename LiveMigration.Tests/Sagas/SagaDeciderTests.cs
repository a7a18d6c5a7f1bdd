using CsCheck;
using LiveMigration.Core.Sagas;
using Xunit;

namespace LiveMigration.Tests.Sagas;

/// <summary>What the engine's head promises for every journal, even those that no run of ours would write.</summary>
public sealed class SagaDeciderTests
{
    private static readonly SagaPlan Plan = new(
        [new("claim", true), new("look", false), new("prepare", true), new("move", false), new("settle", false), new("tidy", false)], Pivot: 3);

    private static readonly Gen<JournalEntry> Lines = Gen.Select(
        Gen.Int[0, Plan.Steps.Count].Select(index => index < Plan.Steps.Count ? Plan.Steps[index].Name : ""),
        Gen.Enum<JournalKind>(),
        (step, kind) => new JournalEntry(step, kind, kind is JournalKind.StepFailed ? "why" : null));

    private static readonly Gen<PivotObservation> Outside = Gen.Enum<PivotObservation>();

    [Fact]
    public void Silence_never_leads_to_an_act_once_the_pivot_is_begun() => Lines.List[0, 30].Sample(journal =>
    {
        var begun = journal.Exists(line => line.Step == "move" && line.Kind == JournalKind.StepStarted)
            && !journal.Exists(line => line.Kind is JournalKind.UnwindBegun or JournalKind.Completed or JournalKind.Unwound)
            && Plan.Steps.Take(3).Select(step => step.Name).All(name => journal.Exists(line => line.Step == name && line.Kind == JournalKind.StepDone))
            && !journal.Exists(line => line.Step == "move" && line.Kind == JournalKind.StepDone);
        if (begun)
        {
            Assert.IsType<SagaDecision.Wait>(SagaDecider.Decide(Plan, journal, PivotObservation.Unknown, abortRequested: true));
            Assert.IsType<SagaDecision.AskOutside>(SagaDecider.Decide(Plan, journal, PivotObservation.NotAsked, abortRequested: true));
        }
    });

    [Fact]
    public void After_the_pivot_there_is_only_forward() => Gen.Select(Lines.List[0, 30], Outside, Gen.Bool).Sample((journal, outside, abort) =>
    {
        JournalEntry[] past =
        [
            .. Plan.Steps.Take(4).Select(step => new JournalEntry(step.Name, JournalKind.StepDone)),
            .. journal.Where(line => line.Kind is not (JournalKind.UnwindBegun or JournalKind.Unwound or JournalKind.Completed)),
        ];
        var decision = SagaDecider.Decide(Plan, past, outside, abort);
        Assert.True(decision is SagaDecision.RunStep { Index: > 3 } or SagaDecision.Complete, decision.ToString());
    });

    [Fact]
    public void Undoes_in_reverse_and_only_what_was_begun()
    {
        JournalEntry[] journal =
        [
            new("claim", JournalKind.StepStarted), new("claim", JournalKind.StepDone),
            new("look", JournalKind.StepStarted), new("look", JournalKind.StepFailed, "why"),
            new("", JournalKind.UnwindBegun, "why"),
        ];

        Assert.Equal(new SagaDecision.Undo(0, 0), Decide(journal));
        Assert.Equal(new SagaDecision.Undo(0, 1), Decide([.. journal, new("claim", JournalKind.UndoFailed, "busy")]));
        Assert.Equal(new SagaDecision.FinishUnwind(0), Decide([.. journal, new("claim", JournalKind.UndoDone)]));
    }

    [Fact]
    public void A_pivot_that_left_no_trace_is_begun_once_more_and_no_oftener()
    {
        JournalEntry[] ready = [.. Plan.Steps.Take(3).Select(step => new JournalEntry(step.Name, JournalKind.StepDone))];
        var started = new JournalEntry("move", JournalKind.StepStarted);

        Assert.IsType<SagaDecision.RunPivot>(Decide(ready));
        Assert.IsType<SagaDecision.RunPivot>(Decide([.. ready, started], PivotObservation.NotStarted));
        Assert.IsType<SagaDecision.BeginUnwind>(Decide([.. ready, started, started], PivotObservation.NotStarted));
        Assert.Equal(
            new SagaDecision.BeginUnwind("link lost"),
            Decide([.. ready, started, new("move", JournalKind.PivotReturned, "link lost")], PivotObservation.NotStarted));
    }

    [Theory]
    [InlineData(PivotObservation.InProgress, typeof(SagaDecision.AttachPivot))]
    [InlineData(PivotObservation.Succeeded, typeof(SagaDecision.SettlePivot))]
    [InlineData(PivotObservation.Failed, typeof(SagaDecision.BeginUnwind))]
    [InlineData(PivotObservation.Unknown, typeof(SagaDecision.Wait))]
    public void The_outside_settles_a_pivot_in_doubt(PivotObservation outside, Type expected)
    {
        JournalEntry[] journal =
        [
            .. Plan.Steps.Take(3).Select(step => new JournalEntry(step.Name, JournalKind.StepDone)),
            new("move", JournalKind.StepStarted),
        ];

        Assert.IsType(expected, Decide(journal, outside));
    }

    [Fact]
    public void A_flow_with_an_undo_after_the_pivot_is_refused()
    {
        static Task<ToyState> Nothing(ToyState state, SagaRun run, CancellationToken ct) => Task.FromResult(state);
        var builder = new SagaBuilder<ToyState>()
            .Pivot("move", Nothing, (_, _, _) => Task.FromResult(PivotObservation.Unknown), Nothing);

        Assert.Throws<InvalidOperationException>(() => builder.Step("tidy", Nothing, undo: Nothing));
        Assert.Throws<InvalidOperationException>(() => builder.Step("move", Nothing));
    }

    private static SagaDecision Decide(JournalEntry[] journal, PivotObservation outside = PivotObservation.NotAsked) =>
        SagaDecider.Decide(Plan, journal, outside, abortRequested: false);
}
