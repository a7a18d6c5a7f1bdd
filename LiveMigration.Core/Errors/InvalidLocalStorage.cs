namespace LiveMigration.Core.Errors;

/// <summary>Disks were to be copied, but both hosts share them.</summary>
public sealed class InvalidLocalStorage(string host, string reason)
    : ControlPlaneException(ErrorKind.Unsuitable, $"{host} is not on local storage: {reason}");
