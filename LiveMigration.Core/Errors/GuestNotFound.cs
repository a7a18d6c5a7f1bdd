namespace LiveMigration.Core.Errors;

/// <summary>The host answered, and has no such guest.</summary>
public sealed class GuestNotFound(string host, Guid guest)
    : ControlPlaneException(ErrorKind.Fatal, $"Host {host} has no guest {guest}.");
