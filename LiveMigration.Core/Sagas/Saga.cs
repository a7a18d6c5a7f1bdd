namespace LiveMigration.Core.Sagas;

/// <summary>A flow, declared from top to bottom. Actions take the typed state and give back the next.</summary>
/// <param name="name">Durable name.</param>
/// <param name="version">Counted up when steps are renamed, added or reordered.</param>
public abstract class Saga<TState>(string name, int version)
    where TState : class
{
    private SagaDefinition<TState>? _definition;

    /// <summary>Name and version, as stored with what it began.</summary>
    public string Version { get; } = $"{name}/{version}";

    /// <summary>The flow.</summary>
    public SagaDefinition<TState> Definition => _definition ??= Build();

    /// <summary>Declares the flow.</summary>
    protected abstract void Define(SagaBuilder<TState> saga);

    private SagaDefinition<TState> Build()
    {
        var builder = new SagaBuilder<TState>();
        Define(builder);
        return builder.Build();
    }
}
