namespace LiveMigration.Core.Drivers;

/// <summary>Whether a host can be talked to.</summary>
/// <param name="Open">True while the connection stands.</param>
/// <param name="Error">Why it does not, in the words of libvirt or ssh.</param>
public sealed record HostLink(bool Open, string? Error);
