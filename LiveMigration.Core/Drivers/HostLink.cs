namespace LiveMigration.Core.Drivers;

/// <summary>Whether a host can be talked to.</summary>
/// <param name="Open">True while the connection stands.</param>
/// <param name="Error">Why it does not, in the words of libvirt or ssh; null also while it has not been tried yet.</param>
public sealed record HostLink(bool Open, string? Error)
{
    /// <summary>Nobody has tried yet: nothing is known of the host.</summary>
    public static HostLink Untried { get; } = new(Open: false, Error: null);
}
