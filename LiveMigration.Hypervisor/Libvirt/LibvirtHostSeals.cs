using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Seals as secrets of libvirt, on the driver's connections.</summary>
public sealed class LibvirtHostSeals(LibvirtDriver driver) : IHostSeals
{
    /// <inheritdoc/>
    public Task<HostSeal?> FindAsync(string host, CancellationToken ct) => driver.ConnectionTo(host).CallAsync(c => Find(c.Secrets), ct);

    /// <inheritdoc/>
    public Task<HostSeal> PlaceAsync(string host, HostSeal seal, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(seal);
        return driver.ConnectionTo(host).CallAsync(c => Place(c.Secrets, seal), ct);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string host, Guid controller, CancellationToken ct) => driver.ConnectionTo(host).CallAsync(
        c =>
        {
            // By its UUID: another's, defined since, has another one.
            if (Find(c.Secrets)?.Controller == controller)
                c.Secrets.Undefine(controller);
            return true;
        },
        ct);

    private static HostSeal? Find(LibvirtSecrets secrets) =>
        secrets.FindByUsage(SealXml.UsageType, SealXml.Usage) is { } xml ? SealXml.Read(xml) : null;

    private static HostSeal Place(LibvirtSecrets secrets, HostSeal seal)
    {
        try
        {
            secrets.Define(SealXml.Write(seal));
            return seal;
        }
        catch (LibvirtException)
        {
            // libvirt has no code of its own for "there is one of this use": whose it is tells.
            if (Find(secrets) is { } other && other.Controller != seal.Controller)
                return other;
            throw;
        }
    }
}
