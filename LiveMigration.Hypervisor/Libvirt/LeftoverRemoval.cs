using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Takes away what a migration left of a guest on a host, and nothing else. Between the look and the blow lies one
/// call to libvirt, which offers nothing narrower; the caller has asked both hosts before.
/// </summary>
internal static class LeftoverRemoval
{
    internal static bool Remove(LibvirtConnection connection, string host, Guid guest, MigrationMark mark)
    {
        try
        {
            using var domain = connection.LookupDomain(guest);
            Remove(domain, host, mark);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            // Gone already, or libvirt was faster.
        }

        return GuestReader.Find(connection, host, guest) is null;
    }

    /// <summary>Why a guest must not be removed; null when it may.</summary>
    internal static string? Objection(GuestObservation guest, MigrationMark mark) =>
        ForeignMark(guest, mark)
        ?? (guest.State is GuestState.Incoming or GuestState.Off or GuestState.Crashed or GuestState.PausedMigrated
            ? null
            : $"guest {guest.Uuid} is {guest.State} and is left alone");

    /// <summary>In what way a guest's mark is not this migration's; null when it is.</summary>
    internal static string? ForeignMark(GuestObservation guest, MigrationMark mark) => guest.Mark switch
    {
        null => $"guest {guest.Uuid} carries no mark and is left alone",
        { } found when found.Migration != mark.Migration =>
            $"guest {guest.Uuid} carries the mark of migration {found.Migration}, not of {mark.Migration}, and is left alone",
        { } found when found.Epoch > mark.Epoch =>
            $"guest {guest.Uuid} was marked by epoch {found.Epoch}, later than {mark.Epoch}, and is left alone",
        _ => null,
    };

    /// <summary>Ends a guest's QEMU, if it has not ended by itself.</summary>
    internal static void Destroy(LibvirtDomain domain)
    {
        try
        {
            domain.Destroy();
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain || (error.Code == ErrorCodes.OperationInvalid && !domain.IsActive))
        {
            // It ended by itself.
        }
    }

    private static void Remove(LibvirtDomain domain, string host, MigrationMark mark)
    {
        var flags = WhatToKeep(domain);
        var guest = GuestReader.Observe(domain, host);
        if (Objection(guest, mark) is { } objection)
            throw new HypervisorRefused(host, objection);

        if (guest.State == GuestState.PausedMigrated && JobStatsReader.Current(domain).State == JobState.Active)
            throw new HypervisorRefused(host, $"guest {guest.Uuid} is being handed over and is left alone");

        // Only what was seen standing still as an active leftover is destroyed; one that was off is merely undefined,
        // which does no harm if somebody has started it meanwhile.
        if (guest.State is GuestState.Incoming or GuestState.PausedMigrated)
            Destroy(domain);
        if (guest.Persistent)
            domain.Undefine(flags);
    }

    // Firmware variables and TPM state may lie on shared storage, where the guest that runs elsewhere uses them.
    private static UndefineFlags WhatToKeep(LibvirtDomain domain)
    {
        var definition = GuestXml.Parse(domain.GetXml());
        var flags = UndefineFlags.SnapshotsMetadata;
        if (GuestXml.HasNvram(definition))
            flags |= UndefineFlags.KeepNvram;
        return GuestXml.HasDevice(definition, "tpm") ? flags | UndefineFlags.KeepTpm : flags;
    }
}
