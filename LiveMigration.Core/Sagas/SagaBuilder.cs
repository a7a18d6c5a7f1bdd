namespace LiveMigration.Core.Sagas;

/// <summary>Takes a saga's declaration and refuses one that could not be driven.</summary>
public sealed class SagaBuilder<TState>
    where TState : class
{
    private readonly List<SagaStep<TState>> _steps = [];
    private int _pivot = -1;
    private PivotQuestion<TState>? _ask;
    private StepAction<TState>? _attach;
    private Func<TState, string, bool, TState>? _whenTurned;
    private StepAction<TState>? _whenUnwound;

    /// <summary>Adds a step.</summary>
    /// <param name="name">Durable name.</param>
    /// <param name="action">The step.</param>
    /// <param name="undo">Takes back what it may have done.</param>
    /// <param name="when">Whether there is anything to do, by the state; null = always.</param>
    public SagaBuilder<TState> Step(string name, StepAction<TState> action, StepAction<TState>? undo = null, Func<TState, bool>? when = null)
    {
        if (_pivot >= 0 && undo is not null)
        {
            throw new InvalidOperationException($"Step {name} stands after the pivot: there is only forward, an undo would never run.");
        }

        return Add(name, action, undo, when);
    }

    /// <summary>Adds the pivot: once it has happened there is only forward.</summary>
    /// <param name="name">Durable name.</param>
    /// <param name="action">Begins it and watches it to its end.</param>
    /// <param name="ask">Asks the outside what became of it.</param>
    /// <param name="attach">Watches one that goes on without us.</param>
    /// <param name="undo">Takes back what beginning it may have left.</param>
    public SagaBuilder<TState> Pivot(
        string name, StepAction<TState> action, PivotQuestion<TState> ask, StepAction<TState> attach, StepAction<TState>? undo = null)
    {
        if (_pivot >= 0)
        {
            throw new InvalidOperationException($"There is one pivot; {name} would be the second.");
        }

        Add(name, action, undo);
        _pivot = _steps.Count - 1;
        _ask = ask;
        _attach = attach;
        return this;
    }

    /// <summary>Says what a saga that turns round notes in its state, and how it ends.</summary>
    public SagaBuilder<TState> WhenUnwound(Func<TState, string, bool, TState> turned, StepAction<TState> finish)
    {
        _whenTurned = turned;
        _whenUnwound = finish;
        return this;
    }

    internal SagaDefinition<TState> Build()
    {
        if (_pivot < 0 || _ask is null || _attach is null || _whenTurned is null || _whenUnwound is null)
        {
            throw new InvalidOperationException("A saga needs a pivot and an end for when it is taken back.");
        }

        return new SagaDefinition<TState>(_steps, _pivot, _ask, _attach, _whenTurned, _whenUnwound);
    }

    private SagaBuilder<TState> Add(
        string name, StepAction<TState> action, StepAction<TState>? undo, Func<TState, bool>? when = null)
    {
        if (string.IsNullOrWhiteSpace(name) || _steps.Exists(step => step.Name == name))
        {
            throw new InvalidOperationException($"A step needs a name of its own; '{name}' is empty or taken.");
        }

        _steps.Add(new SagaStep<TState>(name, action, undo, when));
        return this;
    }
}
