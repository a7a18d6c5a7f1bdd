namespace LiveMigration.Core.Drivers;

/// <summary>Something that a host told on its own.</summary>
/// <param name="Host">The host.</param>
public abstract record HypervisorEvent(string Host);

/// <summary>The connection to a host came or went.</summary>
public sealed record HostLinkChanged(string Host, HostLink Link) : HypervisorEvent(Host);

/// <summary>A guest was defined, started, stopped, moved, paused or removed: look again.</summary>
public sealed record GuestChanged(string Host, Guid Guest) : HypervisorEvent(Host);
