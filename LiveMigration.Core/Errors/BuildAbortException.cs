namespace LiveMigration.Core.Errors;

/// <summary>A server can't be made; the message says why.</summary>
public sealed class BuildAbortException(Guid instance, string reason)
    : ControlPlaneException(ErrorKind.Fatal, $"Build of instance {instance} aborted: {reason}");
