using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Looks at guests. Everything here blocks.</summary>
internal static class GuestReader
{
    internal static IReadOnlyList<GuestObservation> List(LibvirtConnection connection, string host)
    {
        var guests = new List<GuestObservation>();
        foreach (var domain in connection.ListDomains())
        {
            using (domain)
            {
                try
                {
                    guests.Add(Observe(domain, host));
                }
                catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
                {
                    // Gone between the list and the look.
                }
            }
        }

        return guests;
    }

    internal static GuestObservation? Find(LibvirtConnection connection, string host, Guid guest)
    {
        try
        {
            using var domain = connection.LookupDomain(guest);
            return Observe(domain, host);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            return null;
        }
    }

    internal static GuestObservation Observe(LibvirtDomain domain, string host)
    {
        var definition = GuestXml.Parse(domain.GetXml());
        var mark = MarkXml.FromDomain(definition);
        var persistent = domain.IsPersistent;

        // Last, so that what is decided upon is as fresh as it can be.
        var (state, reason) = domain.GetState();
        var seen = GuestStateReader.Of(state, reason, () => IsIncoming(domain, mark, host));
        return new GuestObservation(
            domain.Uuid,
            GuestXml.Name(definition),
            // A libvirtd that was started again has forgotten why the guest is off; the file it was saved to is still there.
            seen == GuestState.Off && domain.HasManagedSave ? GuestState.Suspended : seen,
            persistent,
            mark,
            GuestXml.MemoryMiB(definition),
            GuestXml.Vcpus(definition),
            GuestXml.Title(definition));
    }

    internal static GuestDescription Describe(LibvirtConnection connection, Guid guest)
    {
        using var domain = connection.LookupDomain(guest);
        var definition = GuestXml.Parse(domain.GetXml());
        var description = GuestXml.Describe(definition);
        return description with
        {
            CpuXml = GuestCpu.Expand(connection, definition, description),
            Disks = [.. description.Disks.Select(disk => WithSize(domain, disk))],
        };
    }

    /// <summary>Tells a destination from a source: the mark knows; without one, libvirt keeps job statistics only at the source.</summary>
    private static bool IsIncoming(LibvirtDomain domain, MigrationMark? mark, string host)
    {
        if (mark is not null && !string.Equals(mark.Source, mark.Destination, StringComparison.Ordinal))
        {
            if (string.Equals(mark.Destination, host, StringComparison.Ordinal))
                return true;
            if (string.Equals(mark.Source, host, StringComparison.Ordinal))
                return false;
        }

        try
        {
            _ = domain.GetJobStatistics(completed: false);
            return false;
        }
        catch (LibvirtException error) when (error.Code is ErrorCodes.OperationUnsupported or ErrorCodes.OperationInvalid)
        {
            return true;
        }
    }

    private static GuestDisk WithSize(LibvirtDomain domain, GuestDisk disk)
    {
        if (disk.Path is null)
            return disk;
        try
        {
            var info = domain.GetBlockInfo(disk.Target);
            return disk with { CapacityBytes = (long)info.Capacity, AllocationBytes = (long)info.Allocation };
        }
        catch (LibvirtException error) when (error.Code != ErrorCodes.NoDomain && !LibvirtErrors.IsConnectionLost(error))
        {
            // An image that can't be looked at has no known size; whether that matters is not ours to say.
            return disk;
        }
    }
}
