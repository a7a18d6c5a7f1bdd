namespace LiveMigration.Core.Errors;

/// <summary>Every error that we raise on purpose. Its message is fit to be shown to an operator.</summary>
public abstract class ControlPlaneException(ErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the flow makes of it.</summary>
    public ErrorKind Kind { get; } = kind;
}
