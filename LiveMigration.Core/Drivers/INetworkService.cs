using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// What hosts plug guests into, as a move needs it: what is there, the filtering rules, and whether a guest is plugged in.
/// Every method that changes something may be called twice.
/// </summary>
/// <remarks>
/// Errors, for all methods: <see cref="HypervisorUnavailable"/> when the host gives no answer (nothing may be concluded
/// then), <see cref="HypervisorRefused"/> for what libvirt refused, <see cref="ComputeHostNotFound"/>.
/// </remarks>
public interface INetworkService
{
    /// <summary>What the settings say of a host's networks. Asks nobody.</summary>
    HostNetworkOptions OptionsOf(string host);

    /// <summary>Looks at links, networks and filtering rules of a host. Touches nothing.</summary>
    Task<HostNetworks> LookAsync(string host, NetworkQuestion question, CancellationToken ct);

    /// <summary>Makes the rule on the host, marked as ours, unless the host has one of its name.</summary>
    [ChangesOutside]
    Task EnsureRuleAsync(string host, NetworkRule rule, CancellationToken ct);

    /// <summary>
    /// Removes those of the rules that carry our mark and that no guest of the host uses any more, running or defined.
    /// All others stay.
    /// </summary>
    [ChangesOutside]
    Task RemoveUnusedRulesAsync(string host, IReadOnlyList<string> rules, CancellationToken ct);

    /// <summary>
    /// The interfaces (by MAC) of the guest, incoming or running on this host, that are not plugged in yet or whose rules
    /// are not in force. Empty: all are. A guest that the host does not know has none plugged in.
    /// </summary>
    Task<IReadOnlyList<string>> FindUnpluggedAsync(
        string host, Guid guest, IReadOnlyList<PlannedInterface> interfaces, CancellationToken ct);
}
