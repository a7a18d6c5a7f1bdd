using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>Makes and removes guests of a <see cref="SimulatedCloud"/>, for one controller. It holds nothing.</summary>
public sealed class SimulatedGuestBuilder(SimulatedCloud cloud) : IGuestBuilder
{
    /// <inheritdoc/>
    public Task WriteFileAsync(string host, NewGuestFile file, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.WriteFile, h => cloud.WriteFile(h, file), ct);

    /// <inheritdoc/>
    public Task DefineAsync(string host, GuestPlan plan, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.DefineGuest, h => cloud.Define(h, plan), ct);

    /// <inheritdoc/>
    public Task StartAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.StartGuest, h => cloud.StartMade(h, guest), ct);

    /// <inheritdoc/>
    public Task RemoveAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.RemoveGuest, h => cloud.RemoveGuest(h, guest), ct);

    private Task<bool> DoAsync(string host, SimulatedOperation operation, Action<CloudHost> act, CancellationToken ct) =>
        cloud.CallAsync(
            host,
            operation,
            h =>
            {
                act(h);
                return true;
            },
            ct);
}
