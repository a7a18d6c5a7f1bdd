using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// What the compute module asks of hypervisors. Every method names the host that it goes to; none keeps state between
/// calls; every one that changes something may be called twice.
/// </summary>
/// <remarks>
/// Errors, for all methods: <see cref="HypervisorUnavailable"/> when the host gives no answer (nothing may be concluded
/// then), <see cref="ComputeHostNotFound"/> for a host that is not configured, <see cref="GuestNotFound"/> where a guest
/// is needed and the host answered that it has none, <see cref="HypervisorRefused"/> for everything that libvirt refused,
/// with its text. Cancelling a token gives up waiting; it never aborts what the host is doing.
/// </remarks>
public interface IComputeDriver
{
    // --- the hosts -------------------------------------------------------------------------------------------------

    /// <summary>The configured hosts, in the configuration's order.</summary>
    IReadOnlyList<string> Hosts { get; }

    /// <summary>Whether the connection to a host is open. Asks nobody.</summary>
    HostLink GetLink(string host);

    /// <summary>What a host is and has.</summary>
    Task<HostFacts> GetHostFactsAsync(string host, CancellationToken ct);

    /// <summary>
    /// Links that came or went and guests that changed, of all hosts, from now on. Events can be lost (a link was down);
    /// a slow sweep must stand beside them.
    /// </summary>
    IAsyncEnumerable<HypervisorEvent> WatchAsync(CancellationToken ct);

    // --- what runs where -------------------------------------------------------------------------------------------

    /// <summary>Every guest that the host knows, running or only defined.</summary>
    Task<IReadOnlyList<GuestObservation>> ListGuestsAsync(string host, CancellationToken ct);

    /// <summary>One guest as the host sees it; null when the host answered that it knows none of this UUID.</summary>
    Task<GuestObservation?> FindGuestAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>What a guest is made of, as far as a move depends on it.</summary>
    Task<GuestDescription> DescribeGuestAsync(string host, Guid guest, CancellationToken ct);

    // --- seed steps 4 and 5: may it move? --------------------------------------------------------------------------

    /// <summary>Whether the host can give a guest the CPU that its live definition asks for.</summary>
    Task<CpuComparison> CompareCpuAsync(string host, GuestDescription guest, CancellationToken ct);

    /// <summary>Makes an empty probe file in a folder of the host, if the host has that folder.</summary>
    /// <returns>False when the host has no such folder.</returns>
    [ChangesOutside]
    Task<bool> CreateStorageProbeAsync(string host, string folder, string name, CancellationToken ct);

    /// <summary>Whether the host sees a probe file in a folder of its own.</summary>
    Task<bool> SeesStorageProbeAsync(string host, string folder, string name, CancellationToken ct);

    /// <summary>Removes a probe file; it is no error if there is none.</summary>
    [ChangesOutside]
    Task RemoveStorageProbeAsync(string host, string folder, string name, CancellationToken ct);

    // --- seed step 6: the transfer ---------------------------------------------------------------------------------

    /// <summary>Writes our mark into a guest's metadata, replacing an older one; it travels with the guest.</summary>
    [ChangesOutside]
    Task SetMarkAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct);

    /// <summary>Removes the mark of this migration; another migration's mark is left alone.</summary>
    [ChangesOutside]
    Task ClearMarkAsync(string host, Guid guest, Guid migration, CancellationToken ct);

    /// <summary>
    /// Moves a guest, peer to peer: returns when libvirt's call does. Giving up waiting (or dying) leaves the transfer
    /// running. A failure says nothing about where the guest is: ask both hosts. With <see cref="TransferRequest.Resume"/>
    /// it takes up a post-copy that broke.
    /// </summary>
    [ChangesOutside]
    Task TransferAsync(string source, Guid guest, TransferRequest request, CancellationToken ct);

    /// <summary>The guest's current job on this host; <see cref="JobState.None"/> when it has none.</summary>
    Task<JobStatistics> GetJobAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>The statistics of the guest's last completed job on this host; null when libvirt keeps none.</summary>
    Task<JobStatistics?> GetCompletedJobAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Sets how long the guest may stand still at the switch-over, ms, of a running transfer.</summary>
    [ChangesOutside]
    Task SetMaxDowntimeAsync(string host, Guid guest, TimeSpan downtime, CancellationToken ct);

    /// <summary>
    /// Sets the upper bound of the memory stream, MiB/s, of a running transfer; 0 = no bound. Before memory flows
    /// (<see cref="JobStatistics.MemoryTotal"/> above 0) it has no lasting effect.
    /// </summary>
    [ChangesOutside]
    Task SetBandwidthAsync(string host, Guid guest, long mibps, CancellationToken ct);

    /// <summary>Stops the guest's current job. It is no error if there is none any more.</summary>
    [ChangesOutside]
    Task AbortJobAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Switches a running transfer to post-copy; it must have been started with it permitted.</summary>
    [ChangesOutside]
    Task StartPostCopyAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Stops the guest's processors.</summary>
    [ChangesOutside]
    Task SuspendAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Lets the guest's processors go on. It is no error if they do.</summary>
    [ChangesOutside]
    Task ResumeAsync(string host, Guid guest, CancellationToken ct);

    // --- seed steps 6 and 10: clean up -----------------------------------------------------------------------------

    /// <summary>
    /// Removes what a migration left of a guest on a host: destroys it if it is only incoming or off, undefines it.
    /// A guest without this migration's mark, with the mark of a newer epoch, or one that runs, is never touched.
    /// </summary>
    /// <returns>True when nothing of the guest is left on the host.</returns>
    /// <exception cref="HypervisorRefused">What is there does not carry the mark, or runs.</exception>
    [ChangesOutside]
    Task<bool> RemoveLeftoverAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct);

    // --- a post-copy past mending ----------------------------------------------------------------------------------

    /// <summary>
    /// Lets a host keep the definition of a guest that stands still because its post-copy broke, so that it can be started
    /// there again. A definition that is there already stays as it is.
    /// </summary>
    /// <param name="host">Where the rest of the guest stands still.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="at">Where its definition is to be kept; may be the same host.</param>
    /// <param name="changes">What differs there.</param>
    /// <param name="ct">Gives up waiting.</param>
    [ChangesOutside]
    Task KeepDefinitionAsync(string host, Guid guest, string at, DestinationChanges changes, CancellationToken ct);

    /// <summary>
    /// Ends what is left of a guest whose post-copy broke, and keeps its definition. A guest in any other state, without
    /// this migration's mark or with the mark of a newer epoch, is never touched. It is no error if it has ended.
    /// </summary>
    /// <exception cref="HypervisorRefused">What is there does not carry the mark, or is no broken post-copy.</exception>
    [ChangesOutside]
    Task EndBrokenGuestAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct);
}
