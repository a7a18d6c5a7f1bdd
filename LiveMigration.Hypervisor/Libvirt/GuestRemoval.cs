using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Stops a guest for good and forgets it. Everything here blocks.</summary>
internal static class GuestRemoval
{
    internal static void Remove(LibvirtConnection connection, string host, Guid guest)
    {
        try
        {
            using var domain = connection.LookupDomain(guest);
            Remove(domain, host);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            // Gone already.
        }
    }

    private static void Remove(LibvirtDomain domain, string host)
    {
        var definition = GuestXml.Parse(domain.GetXml());
        var guest = GuestReader.Observe(domain, host);
        if (guest.State is GuestState.Incoming or GuestState.PausedMigrated or GuestState.PausedPostCopy or GuestState.RunningPostCopy)
            throw new HypervisorRefused(host, $"guest {guest.Uuid} is {guest.State}: it is being moved");
        if (domain.IsActive)
            Destroy(domain);
        if (guest.Persistent)
            domain.Undefine(Flags(definition));
    }

    private static void Destroy(LibvirtDomain domain)
    {
        try
        {
            domain.Destroy();
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.OperationInvalid && !domain.IsActive)
        {
            // It ended by itself.
        }
    }

    // What is on disks of an adopted guest is its owner's; firmware variables and TPM state are such.
    private static UndefineFlags Flags(System.Xml.Linq.XElement definition)
    {
        var flags = UndefineFlags.ManagedSave | UndefineFlags.SnapshotsMetadata;
        if (GuestXml.HasNvram(definition))
            flags |= UndefineFlags.KeepNvram;
        return GuestXml.HasDevice(definition, "tpm") ? flags | UndefineFlags.KeepTpm : flags;
    }
}
