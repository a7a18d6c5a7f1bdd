using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>A volume of a simulated cloud's storage server.</summary>
/// <param name="Volume">Its name; disks with this portal and target are on it.</param>
/// <param name="Hosts">The hosts that it lets in when the cloud begins.</param>
public sealed record SimulatedVolume(Volume Volume, IReadOnlyList<string> Hosts);

/// <summary>The calls of <see cref="IVolumeService"/> that can be made to fail or to lose their reply.</summary>
public enum SimulatedVolumeOperation
{
    /// <summary><see cref="IVolumeService.ListConnectionsAsync"/>.</summary>
    ListConnections,

    /// <summary><see cref="IVolumeService.InitializeConnectionAsync"/>.</summary>
    InitializeConnection,

    /// <summary><see cref="IVolumeService.TerminateConnectionAsync"/>.</summary>
    TerminateConnection,
}
