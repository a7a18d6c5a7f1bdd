using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The switch of guests, by libvirt.</summary>
public sealed class LibvirtGuestPower(LibvirtDriver driver) : IGuestPower
{
    /// <inheritdoc/>
    public Task StartAsync(string host, Guid guest, bool fresh, CancellationToken ct) =>
        TakeTimeAsync(host, guest, "start", domain => Start(domain, fresh), ct);

    /// <inheritdoc/>
    public Task ShutDownAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, guest, domain => Unless(() => !domain.IsActive, domain.ShutDown), ct);

    /// <inheritdoc/>
    public Task PowerOffAsync(string host, Guid guest, CancellationToken ct) => DoAsync(host, guest, domain => PowerOff(host, domain), ct);

    /// <inheritdoc/>
    public Task RebootAsync(string host, Guid guest, CancellationToken ct) => DoAsync(host, guest, domain => domain.Reboot(), ct);

    /// <inheritdoc/>
    public Task ResetAsync(string host, Guid guest, CancellationToken ct) => DoAsync(host, guest, domain => domain.Reset(), ct);

    /// <inheritdoc/>
    public Task SaveAsync(string host, Guid guest, CancellationToken ct) => TakeTimeAsync(
        host, guest, "save", domain => Unless(() => !domain.IsActive && domain.HasManagedSave, domain.ManagedSave), ct);

    private static void Start(LibvirtDomain domain, bool fresh)
    {
        if (domain.GetState().State == DomainState.PmSuspended)
            domain.WakeUp();
        else
            Unless(() => domain.IsActive, () => domain.Create(fresh));
    }

    private static void PowerOff(string host, LibvirtDomain domain)
    {
        if (!domain.IsPersistent)
            throw new HypervisorRefused(host, $"guest {domain.Uuid} is not defined on {host}, only running: switched off it would be gone");
        Unless(() => !domain.IsActive, domain.Destroy);
    }

    /// <summary>libvirt says "invalid" of what is so already; it may have become so between the look and the call.</summary>
    private static void Unless(Func<bool> isSo, Action act)
    {
        if (isSo())
            return;
        try
        {
            act();
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.OperationInvalid && isSo())
        {
            // It became so by itself.
        }
    }

    private Task<bool> DoAsync(string host, Guid guest, Action<LibvirtDomain> act, CancellationToken ct) =>
        driver.ConnectionOf(host).CallAsync(connection => On(connection, guest, act), ct, guest);

    private Task<bool> TakeTimeAsync(string host, Guid guest, string what, Action<LibvirtDomain> act, CancellationToken ct) =>
        driver.ConnectionOf(host).LongCallAsync($"libvirt-{host}-{what}", connection => On(connection, guest, act), ct, guest);

    private static bool On(LibvirtConnection connection, Guid guest, Action<LibvirtDomain> act)
    {
        using var domain = connection.LookupDomain(guest);
        act(domain);
        return true;
    }
}
