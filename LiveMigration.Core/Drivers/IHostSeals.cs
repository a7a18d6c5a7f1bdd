using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// The one seal of a host: it names the controller that acts on the host, so that a second one that was started by mistake
/// notices. It is kept by the host itself, outlives controller and libvirtd, and nothing on the host depends on it.
/// </summary>
/// <remarks>Errors, for all methods: those of <see cref="IComputeDriver"/>. A host that can't keep one answers with <see cref="HypervisorRefused"/>.</remarks>
public interface IHostSeals
{
    /// <summary>The host's seal; null when the host answered that it has none.</summary>
    Task<HostSeal?> FindAsync(string host, CancellationToken ct);

    /// <summary>
    /// Puts a seal onto a host that has none, or renews one of the same controller. Another controller's is never replaced:
    /// of two that try at the same instant one succeeds.
    /// </summary>
    /// <returns>The seal that the host has now: the given one, or another controller's.</returns>
    Task<HostSeal> PlaceAsync(string host, HostSeal seal, CancellationToken ct);

    /// <summary>Removes the seal of this controller; another's is left alone, and it is no error if there is none.</summary>
    Task RemoveAsync(string host, Guid controller, CancellationToken ct);
}

/// <summary>Who acts on a host.</summary>
/// <param name="Controller">The controller's id, the same at each of its starts.</param>
/// <param name="Run">Which of its starts.</param>
/// <param name="Count">How often this start has renewed it: whoever sees it grow knows, by his own clock, that the controller lives.</param>
/// <param name="Place">Where that controller is: for people.</param>
/// <param name="WrittenAt">When it was last renewed, UTC, by that controller's clock: for people. Clocks differ.</param>
public sealed record HostSeal(Guid Controller, string Run, long Count, string Place, DateTime WrittenAt)
{
    /// <summary>How far that controller's records had come.</summary>
    public long Records { get; init; }
}
