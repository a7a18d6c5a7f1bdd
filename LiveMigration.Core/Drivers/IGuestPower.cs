using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// A guest's switch. Errors as those of <see cref="IComputeDriver"/>; every method may be called twice: what is so already
/// is no error.
/// </summary>
public interface IGuestPower
{
    /// <summary>Lets the guest run: from its saved memory if it has one, else from the beginning.</summary>
    /// <param name="fresh">True to throw a saved memory away.</param>
    [ChangesOutside]
    Task StartAsync(string host, Guid guest, bool fresh, CancellationToken ct);

    /// <summary>Presses the power button: asks the guest to shut down and returns at once. It may not listen.</summary>
    [ChangesOutside]
    Task ShutDownAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Takes the power away. What is not only running but also defined stays defined.</summary>
    /// <exception cref="HypervisorRefused">The guest is not defined on the host: it would be gone.</exception>
    [ChangesOutside]
    Task PowerOffAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Asks a running guest to start itself again, and returns at once.</summary>
    [ChangesOutside]
    Task RebootAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Presses the reset button of a running guest.</summary>
    [ChangesOutside]
    Task ResetAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>Saves the guest's memory on the host and ends it; <see cref="StartAsync"/> goes on from there.</summary>
    [ChangesOutside]
    Task SaveAsync(string host, Guid guest, CancellationToken ct);
}
