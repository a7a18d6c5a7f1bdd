using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>The switch of simulated guests.</summary>
public sealed class SimulatedGuestPower(SimulatedCloud cloud) : IGuestPower
{
    /// <inheritdoc/>
    public Task StartAsync(string host, Guid guest, bool fresh, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.PowerOnGuest, h => cloud.Start(h, guest), ct);

    /// <inheritdoc/>
    public Task ShutDownAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.ShutDownGuest, h => cloud.ShutDown(h, guest), ct);

    /// <inheritdoc/>
    public Task PowerOffAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.PowerOffGuest, h => cloud.PowerOff(h, guest), ct);

    /// <inheritdoc/>
    public Task RebootAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.RebootGuest, h => cloud.Restart(h, guest), ct);

    /// <inheritdoc/>
    public Task ResetAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.ResetGuest, h => cloud.Restart(h, guest), ct);

    /// <inheritdoc/>
    public Task SaveAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.SaveGuest, h => cloud.Save(h, guest), ct);

    private Task<bool> DoAsync(string host, SimulatedOperation operation, Action<CloudHost> act, CancellationToken ct) => cloud.CallAsync(
        host,
        operation,
        h =>
        {
            act(h);
            return true;
        },
        ct);
}
