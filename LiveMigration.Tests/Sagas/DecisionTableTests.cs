using System.Globalization;
using System.Text;
using LiveMigration.Core.Compute;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using LiveMigration.Tests.Support;
using MediatR;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Sagas;

/// <summary>
/// The whole of what the engine decides in a live migration: every journal that a run can leave × every state of the guest
/// at the source × at the destination × every state of its job × an abort asked for or not, held against the invariants.
/// </summary>
public sealed class DecisionTableTests
{
    private static readonly Guid Migration = new(1, 0, 0, new byte[8]);
    private static readonly SagaPlan Plan = new LiveMigrationSaga(Mock.Of<IMediator>()).Definition.Plan;
    private static readonly string Pivot = Plan.Steps[Plan.Pivot].Name;
    private static readonly IReadOnlyList<SagaJournals.Place> Places = [.. SagaJournals.Of(Plan)];
    private static readonly IReadOnlyList<Answer> Answers = [.. AllAnswers()];

    /// <summary>What a host can say: nothing, that it has no such guest, or what the guest is doing there.</summary>
    private sealed record Answer(bool Silent, GuestObservation? Guest)
    {
        public Sighting AsSource => Silent ? Sighting.NoAnswer : Guest.ToSighting();

        public Sighting AsDestination => Silent ? Sighting.NoAnswer : Guest.AtDestination(Migration);

        /// <summary>The guest's processors run here, or would if an operator let them.</summary>
        public bool HasLife => Guest?.State is GuestState.Running or GuestState.Paused or GuestState.RunningPostCopy or GuestState.ShuttingDown;
    }

    private sealed record Case(SagaJournals.Place Place, Answer Source, Answer Destination, JobState Job, bool Abort, SagaDecision Decision);

    [Fact]
    public void No_combination_breaks_an_invariant()
    {
        var (count, broken) = (0, new List<string>());
        foreach (var one in All())
        {
            count++;
            if (WhatIsWrongWith(one) is { } wrong && broken.Count < 20)
            {
                broken.Add($"{wrong}: {one.Place.Where}; source {one.Source}; destination {one.Destination}; job {one.Job}; abort {one.Abort} → {one.Decision}");
            }
        }

        Assert.Empty(broken);
        Assert.Equal(Places.Count * Answers.Count * Answers.Count * Enum.GetValues<JobState>().Length * 2, count);
    }

    [Fact]
    public void Wherever_it_stands_some_answer_lets_it_go_on() => Assert.All(
        Places,
        place => Assert.Contains(
            Enum.GetValues<PivotObservation>(),
            outside => SagaDecider.Decide(Plan, place.Lines, outside, abortRequested: false) is not (SagaDecision.Wait or SagaDecision.AskOutside)));

    [Fact]
    public void The_document_shows_the_table() => Golden.ShouldBe("docs/decision-table.md", Render());

    private static IEnumerable<Case> All()
    {
        foreach (var place in Places)
        {
            foreach (var source in Answers)
            {
                foreach (var destination in Answers)
                {
                    foreach (var job in Enum.GetValues<JobState>())
                    {
                        var outside = GuestWhereabouts.Conclude(source.AsSource, destination.AsDestination, job);
                        yield return new Case(place, source, destination, job, false, SagaDecider.Decide(Plan, place.Lines, outside, false));
                        yield return new Case(place, source, destination, job, true, SagaDecider.Decide(Plan, place.Lines, outside, true));
                    }
                }
            }
        }
    }

    private static string? WhatIsWrongWith(Case one)
    {
        var lines = one.Place.Lines;
        var begun = Has(lines, Pivot, JournalKind.StepStarted);
        var settled = Has(lines, Pivot, JournalKind.StepDone);
        var turned = lines.Any(line => line.Kind == JournalKind.UnwindBegun);
        var inDoubt = begun && !settled && !turned;
        return one.Decision switch
        {
            SagaDecision.BeginUnwind when settled => "it turns round after the pivot",
            SagaDecision.BeginUnwind or SagaDecision.RunPivot when inDoubt && one.Source.Silent => "it acts on the source's silence",
            SagaDecision.BeginUnwind or SagaDecision.RunPivot when inDoubt && one.Destination.Silent => "it acts on the destination's silence",
            SagaDecision.BeginUnwind or SagaDecision.RunPivot when inDoubt && one.Destination.HasLife => "it would leave or make a second copy at the destination",
            SagaDecision.BeginUnwind or SagaDecision.RunPivot when inDoubt && one.Job == JobState.Active && one.Source.HasLife => "the transfer goes on",
            SagaDecision.RunPivot when begun && !one.Source.HasLife => "it would move a guest that does not live at the source",
            SagaDecision.SettlePivot when one.Source.HasLife => "it calls a guest moved that lives at the source",
            SagaDecision.SettlePivot when !(one.Destination.HasLife || one.Destination.AsDestination == Sighting.Ended) => "it calls a guest moved that has not arrived",
            SagaDecision.Undo undo when !turned || undo.Index > Plan.Pivot => "it undoes what may not be undone",
            SagaDecision.Undo undo when !Has(lines, Plan.Steps[undo.Index].Name, JournalKind.StepStarted) => "it undoes what was never begun",
            SagaDecision.Undo undo when Plan.Steps.Take(Plan.Pivot + 1).Skip(undo.Index + 1).Any(later => IsToBeUndone(lines, later)) => "it undoes in the wrong order",
            SagaDecision.FinishUnwind when Plan.Steps.Take(Plan.Pivot + 1).Any(step => IsToBeUndone(lines, step)) => "it ends with something left to undo",
            SagaDecision.RunStep step when turned || (step.Index > Plan.Pivot) != settled => "it runs a step out of its order",
            SagaDecision.Ended { Completed: true } when !settled => "it has ended well without having moved the guest",
            _ => null,
        };
    }

    private static bool IsToBeUndone(IReadOnlyList<JournalEntry> lines, SagaPlanStep step) =>
        step.HasUndo && Has(lines, step.Name, JournalKind.StepStarted) && !Has(lines, step.Name, JournalKind.UndoDone);

    private static bool Has(IReadOnlyList<JournalEntry> lines, string step, JournalKind kind) =>
        lines.Any(line => line.Step == step && line.Kind == kind);

    private static IEnumerable<Answer> AllAnswers()
    {
        yield return new Answer(Silent: true, null);
        yield return new Answer(Silent: false, null);
        foreach (var state in Enum.GetValues<GuestState>())
        {
            yield return new Answer(Silent: false, Seen(state, mark: null));
            yield return new Answer(Silent: false, Seen(state, new MigrationMark(Migration, 1, "a", "b")));
        }
    }

    private static GuestObservation Seen(GuestState state, MigrationMark? mark) => new(Guid.Empty, "guest", state, Persistent: true, mark, 1, 1, null);

    private static string Render()
    {
        var text = new StringBuilder();
        text.AppendLine("# What the engine decides").AppendLine()
            .AppendLine("Rendered from `GuestWhereabouts` and `SagaDecider` by `DecisionTableTests`, which also holds every combination against the invariants; do not edit.").AppendLine()
            .AppendLine("## What became of the transfer, from what both hosts say").AppendLine()
            .AppendLine("Rows: the source. Columns: the destination. In brackets: while the guest has an active job at the source, where that differs.").AppendLine();
        var sightings = Enum.GetValues<Sighting>();
        text.AppendLine(Row(["source \\ destination", .. sightings.Select(one => $"{one}")])).AppendLine(Row(["---", .. sightings.Select(_ => "---")]));
        foreach (var source in sightings)
        {
            text.AppendLine(Row([$"**{source}**", .. sightings.Select(destination => Cell(source, destination))]));
        }

        var observations = Enum.GetValues<PivotObservation>();
        text.AppendLine().AppendLine("## What happens next, from the journal and that").AppendLine()
            .AppendLine("In brackets: when an abort was asked for, where that differs. Places after a turn are the same for each step and shown once.").AppendLine()
            .AppendLine(Row(["the journal says", .. observations.Select(one => $"{one}")]))
            .AppendLine(Row(["---", .. observations.Select(_ => "---")]));
        foreach (var place in Places.Where(place => !place.Where.Contains("turned round", StringComparison.Ordinal) && !IsOnTheWayBack(place)))
        {
            text.AppendLine(Row([place.Where, .. observations.Select(outside => Cell(place, outside))]));
        }

        foreach (var place in Places.Where(place => IsOnTheWayBack(place) && place.Where.StartsWith($"{Pivot} came back with an error,", StringComparison.Ordinal)))
        {
            text.AppendLine(Row([place.Where, .. observations.Select(outside => Cell(place, outside))]));
        }

        return text.ToString();
    }

    private static bool IsOnTheWayBack(SagaJournals.Place place) => place.Lines.Any(line => line.Kind == JournalKind.UnwindBegun);

    private static string Row(IEnumerable<string> cells) => string.Create(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");

    private static string Cell(Sighting source, Sighting destination)
    {
        var (rests, moves) = (GuestWhereabouts.Conclude(source, destination, JobState.None), GuestWhereabouts.Conclude(source, destination, JobState.Active));
        return rests == moves ? $"{rests}" : $"{rests} ({moves})";
    }

    private static string Cell(SagaJournals.Place place, PivotObservation outside)
    {
        var goesOn = InWords(SagaDecider.Decide(Plan, place.Lines, outside, abortRequested: false));
        var aborted = InWords(SagaDecider.Decide(Plan, place.Lines, outside, abortRequested: true));
        return goesOn == aborted ? goesOn : $"{goesOn} ({aborted})";
    }

    private static string InWords(SagaDecision decision) => decision switch
    {
        SagaDecision.RunStep run => $"run {Plan.Steps[run.Index].Name}",
        SagaDecision.RunPivot => $"begin {Pivot}",
        SagaDecision.AttachPivot => "watch it",
        SagaDecision.AskOutside => "ask both hosts",
        SagaDecision.SettlePivot => "it has moved",
        SagaDecision.Wait => "wait",
        SagaDecision.BeginUnwind => "turn round",
        SagaDecision.Undo undo => $"undo {Plan.Steps[undo.Index].Name}",
        SagaDecision.FinishUnwind => "end as failed",
        SagaDecision.Complete => "complete",
        SagaDecision.Ended => "nothing",
        _ => throw new InvalidOperationException($"no words for {decision}"),
    };
}
