namespace LiveMigration.Core.Errors;

/// <summary>Source and destination run different hypervisors.</summary>
public sealed class InvalidHypervisorType()
    : ControlPlaneException(ErrorKind.Unsuitable, "The supplied hypervisor type of is invalid.");
