using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// Opens and closes hosts' access to volumes on storage servers. Every method may be called twice; none keeps state between
/// calls: the access lists are asked, never remembered.
/// </summary>
/// <remarks>
/// Errors: <see cref="VolumeServiceUnavailable"/> when the storage server gives no answer (nothing may be concluded then),
/// <see cref="VolumeServiceRefused"/> for what it refused, <see cref="ComputeHostNotFound"/> for a host that is not configured.
/// </remarks>
public interface IVolumeService
{
    /// <summary>
    /// The volume behind a disk; null when a host needs no access opened to use it: no network disk, or one whose server
    /// is not configured here. Asks nobody.
    /// </summary>
    Volume? Find(GuestDisk disk);

    /// <summary>The hosts that may use the volume, by whatever rule; those not configured here are not told.</summary>
    Task<IReadOnlyList<string>> ListConnectionsAsync(Volume volume, CancellationToken ct);

    /// <summary>Lets a host use the volume.</summary>
    [ChangesOutside]
    Task InitializeConnectionAsync(Volume volume, string host, CancellationToken ct);

    /// <summary>
    /// Takes a host off the volume's access list and ends what sessions it has. A rule that covers more than this host
    /// (everybody, a whole network) is its operator's and stays. It is no error if there is no such volume any more.
    /// </summary>
    [ChangesOutside]
    Task TerminateConnectionAsync(Volume volume, string host, CancellationToken ct);
}
