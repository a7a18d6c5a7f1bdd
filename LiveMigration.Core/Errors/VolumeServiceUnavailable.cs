namespace LiveMigration.Core.Errors;

/// <summary>The storage server gives no answer; what it has done is not known.</summary>
public sealed class VolumeServiceUnavailable(string portal, string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Transient, $"The storage server {portal} gives no answer: {reason}", inner);
