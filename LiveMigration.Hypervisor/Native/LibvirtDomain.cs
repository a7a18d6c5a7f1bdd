using System.Runtime.InteropServices;
using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <summary>One guest on one connection. Every method blocks, and throws <see cref="LibvirtException"/>.</summary>
internal sealed unsafe partial class LibvirtDomain(DomainHandle handle) : IDisposable
{
    private const int ElementMetadata = 2;
    private const uint CompletedStatistics = 1;
    private const uint KeepCompletedStatistics = 2;

    internal Guid Uuid
    {
        get
        {
            var buffer = stackalloc byte[LibvirtNative.UuidStringLength];
            _ = Check(LibvirtNative.virDomainGetUUIDString(handle, buffer));
            return Guid.Parse(Check(Marshal.PtrToStringUTF8((nint)buffer)));
        }
    }

    internal bool IsActive => Check(LibvirtNative.virDomainIsActive(handle)) == 1;

    internal bool IsPersistent => Check(LibvirtNative.virDomainIsPersistent(handle)) == 1;

    internal (DomainState State, int Reason) GetState()
    {
        _ = Check(LibvirtNative.virDomainGetState(handle, out var state, out var reason, 0));
        return ((DomainState)state, reason);
    }

    internal string GetXml() => Check(LibvirtNative.virDomainGetXMLDesc(handle, 0));

    internal string GetInactiveXml()
    {
        const uint Inactive = 2;
        return Check(LibvirtNative.virDomainGetXMLDesc(handle, Inactive));
    }

    /// <summary>The definition as another host can take it, passwords included.</summary>
    /// <param name="persistent">True for the one that the host keeps, false for the running guest's.</param>
    internal string GetMigratableXml(bool persistent)
    {
        const uint Secure = 1;
        const uint Inactive = 2;
        return Check(LibvirtNative.virDomainGetXMLDesc(handle, Secure | Migratable | (persistent ? Inactive : 0)));
    }

    /// <summary>An element of the guest's metadata; null when it has none in this namespace.</summary>
    internal string? GetMetadata(string namespaceUri, Affect affect)
    {
        if (LibvirtNative.virDomainGetMetadata(handle, ElementMetadata, namespaceUri, (uint)affect) is { } xml)
            return xml;
        var error = Last();
        return error.Code == ErrorCodes.NoDomainMetadata ? null : throw error;
    }

    /// <summary>Replaces an element of the guest's metadata, or removes it (null).</summary>
    internal void SetMetadata(string? xml, string prefix, string namespaceUri, Affect affect) =>
        _ = Check(LibvirtNative.virDomainSetMetadata(handle, ElementMetadata, xml, prefix, namespaceUri, (uint)affect));

    internal LibvirtNative.BlockInfo GetBlockInfo(string disk)
    {
        _ = Check(LibvirtNative.virDomainGetBlockInfo(handle, disk, out var info, 0));
        return info;
    }

    internal (JobType Type, IReadOnlyDictionary<string, long> Values) GetJobStatistics(bool completed)
    {
        // Kept, so that whoever asks second gets an answer too.
        var flags = completed ? CompletedStatistics | KeepCompletedStatistics : 0;
        _ = Check(LibvirtNative.virDomainGetJobStats(handle, out var type, out var list, out var count, flags));
        using var parameters = new TypedParameters(list, count);
        return ((JobType)type, parameters.Numbers());
    }

    /// <summary>Blocks for as long as the transfer takes.</summary>
    internal void MigrateToUri(string destination, TypedParameters parameters, MigrateFlags flags) =>
        _ = Check(LibvirtNative.virDomainMigrateToURI3(
            handle, destination, parameters.List, (uint)parameters.Count, (uint)flags));

    internal void SetMaxDowntime(TimeSpan downtime) =>
        _ = Check(LibvirtNative.virDomainMigrateSetMaxDowntime(handle, (ulong)downtime.TotalMilliseconds, 0));

    /// <param name="mibps">MiB/s.</param>
    internal void SetMaxSpeed(ulong mibps) => _ = Check(LibvirtNative.virDomainMigrateSetMaxSpeed(handle, new CULong((nuint)mibps), 0));

    internal void AbortJob() => _ = Check(LibvirtNative.virDomainAbortJob(handle));

    internal void StartPostCopy() => _ = Check(LibvirtNative.virDomainMigrateStartPostCopy(handle, 0));

    internal void Suspend() => _ = Check(LibvirtNative.virDomainSuspend(handle));

    internal void Resume() => _ = Check(LibvirtNative.virDomainResume(handle));

    internal void Create() => _ = Check(LibvirtNative.virDomainCreateWithFlags(handle, 0));

    internal void Destroy() => _ = Check(LibvirtNative.virDomainDestroyFlags(handle, 0));

    internal void Undefine(UndefineFlags flags) => _ = Check(LibvirtNative.virDomainUndefineFlags(handle, (uint)flags));

    public void Dispose() => handle.Dispose();
}
