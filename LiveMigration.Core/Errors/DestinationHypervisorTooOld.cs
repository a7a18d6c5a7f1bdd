namespace LiveMigration.Core.Errors;

/// <summary>The destination runs an older hypervisor than the source.</summary>
public sealed class DestinationHypervisorTooOld()
    : ControlPlaneException(ErrorKind.Unsuitable, "The instance requires a newer hypervisor version than has been provided.");
