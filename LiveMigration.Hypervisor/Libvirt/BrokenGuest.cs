using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The end of a guest whose post-copy broke for good. Everything here blocks.</summary>
internal static class BrokenGuest
{
    /// <summary>Its definition, as another host can take it.</summary>
    internal static string Definition(LibvirtConnection connection, Guid guest, DestinationChanges changes)
    {
        using var domain = connection.LookupDomain(guest);
        var own = domain.GetMigratableXml(persistent: true);
        return changes.AreNone ? own : DestinationXml.Of(own, changes);
    }

    internal static void Keep(LibvirtConnection connection, Guid guest, string definition)
    {
        if (!IsKept(connection, guest))
            connection.DefineDomain(definition).Dispose();
    }

    internal static void End(LibvirtConnection connection, string host, Guid guest, MigrationMark mark)
    {
        try
        {
            using var domain = connection.LookupDomain(guest);
            End(domain, host, mark);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            // Gone already.
        }
    }

    /// <summary>Why a guest must not be ended; null when it may.</summary>
    internal static string? Objection(GuestObservation guest, MigrationMark mark) =>
        LeftoverRemoval.ForeignMark(guest, mark)
        ?? (guest.State == GuestState.PostCopyFailed ? null : $"guest {guest.Uuid} is {guest.State}, no post-copy that broke, and is left alone");

    private static void End(LibvirtDomain domain, string host, MigrationMark mark)
    {
        var seen = GuestReader.Observe(domain, host);
        if (seen.State is GuestState.Off or GuestState.Crashed)
            return;
        if (Objection(seen, mark) is { } objection)
            throw new HypervisorRefused(host, objection);

        LeftoverRemoval.Destroy(domain);
    }

    private static bool IsKept(LibvirtConnection connection, Guid guest)
    {
        try
        {
            using var domain = connection.LookupDomain(guest);
            return domain.IsPersistent;
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            return false;
        }
    }
}
