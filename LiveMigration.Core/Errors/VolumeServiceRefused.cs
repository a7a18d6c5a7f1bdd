namespace LiveMigration.Core.Errors;

/// <summary>The storage server refused; the reason is its own.</summary>
public sealed class VolumeServiceRefused(string portal, string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Fatal, $"The storage server {portal} refuses: {reason}", inner);
