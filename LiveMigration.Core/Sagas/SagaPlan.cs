namespace LiveMigration.Core.Sagas;

/// <summary>The shape of a saga, without its actions: all that the decision needs to know.</summary>
/// <param name="Steps">The steps from top to bottom.</param>
/// <param name="Pivot">Index of the step that can't be taken back once it has happened.</param>
public sealed record SagaPlan(IReadOnlyList<SagaPlanStep> Steps, int Pivot);

/// <summary>A step, as far as the decision needs to know it.</summary>
/// <param name="Name">Its durable name.</param>
/// <param name="HasUndo">True when it leaves something that must be taken back.</param>
public sealed record SagaPlanStep(string Name, bool HasUndo);
