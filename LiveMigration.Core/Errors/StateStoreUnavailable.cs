namespace LiveMigration.Core.Errors;

/// <summary>The database is locked, full or can not be written.</summary>
public sealed class StateStoreUnavailable(string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Transient, $"The state database is unavailable: {reason}", inner);
