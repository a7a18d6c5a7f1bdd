using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Writes and removes marks, in the running guest and in its definition alike.</summary>
internal static class Marks
{
    internal static void Set(LibvirtDomain domain, MigrationMark mark)
    {
        JobStatsReader.RefuseBusy(domain);
        var affect = (domain.IsActive ? Affect.Live : Affect.Current) | (domain.IsPersistent ? Affect.Config : Affect.Current);
        domain.SetMetadata(MarkXml.Write(mark), MarkXml.Prefix, MarkXml.Namespace, affect);
    }

    internal static void Clear(LibvirtDomain domain, Guid migration)
    {
        JobStatsReader.RefuseBusy(domain);
        if (domain.IsActive)
            Clear(domain, migration, Affect.Live);
        if (domain.IsPersistent)
            Clear(domain, migration, Affect.Config);
    }

    private static void Clear(LibvirtDomain domain, Guid migration, Affect affect)
    {
        if (MarkXml.Read(domain.GetMetadata(MarkXml.Namespace, affect)) is { } mark && mark.Migration == migration)
            domain.SetMetadata(null, MarkXml.Prefix, MarkXml.Namespace, affect);
    }
}
