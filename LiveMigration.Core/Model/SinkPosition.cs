namespace LiveMigration.Core.Model;

/// <summary>How far a sink has come in the outbox.</summary>
public sealed class SinkPosition
{
    /// <summary>The sink's name.</summary>
    public required string Sink { get; init; }

    /// <summary>The id of the last notification that it has taken.</summary>
    public required long Position { get; set; }
}
