using System.Runtime.InteropServices;
using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <summary>
/// An open connection. Every method blocks until libvirt answers, and throws <see cref="LibvirtException"/>. Disposing
/// it while a call runs is safe: the C object lives until that call is back.
/// </summary>
internal sealed unsafe partial class LibvirtConnection : IDisposable
{
    private const int MostGuestsKnown = 256;

    private readonly ConnectHandle _handle;
    private readonly Dictionary<Guid, DomainHandle> _known = [];
    private int _lifecycle = -1;
    private bool _closeRegistered;

    private LibvirtConnection(ConnectHandle handle) => _handle = handle;

    internal bool IsAlive => LibvirtNative.virConnectIsAlive(_handle) == 1;

    internal string Type => Marshal.PtrToStringUTF8(LibvirtNative.virConnectGetType(_handle)) ?? throw Last();

    /// <summary>Links, networks and filters.</summary>
    internal LibvirtNetworks Networks => new(_handle);

    /// <summary>Secrets.</summary>
    internal LibvirtSecrets Secrets => new(_handle);

    internal static LibvirtConnection Open(string uri)
    {
        LibvirtLibrary.EnsureReady();
        return new LibvirtConnection(Check(LibvirtNative.virConnectOpen(uri)));
    }

    /// <summary>Asks libvirt to notice a peer that fell silent. Drivers without a wire refuse; that is no error.</summary>
    internal bool SetKeepAlive(int seconds, int count)
    {
        var result = LibvirtNative.virConnectSetKeepAlive(_handle, seconds, (uint)count);
        LibvirtNative.virResetLastError();
        return result == 0;
    }

    internal void Listen(IConnectionListener listener)
    {
        ConnectionCallbacks.RegisterClose(_handle, listener);
        _closeRegistered = true;
        _lifecycle = ConnectionCallbacks.RegisterLifecycle(_handle, listener);
    }

    internal string GetHostname() => Check(LibvirtNative.virConnectGetHostname(_handle));

    internal string GetCapabilities() => Check(LibvirtNative.virConnectGetCapabilities(_handle));

    internal string GetDomainCapabilities(string? emulator = null, string? virtType = null) =>
        Check(LibvirtNative.virConnectGetDomainCapabilities(_handle, emulator, null, null, virtType, 0));

    internal int GetVersion()
    {
        _ = Check(LibvirtNative.virConnectGetVersion(_handle, out var version));
        return (int)version.Value;
    }

    internal int GetLibraryVersion()
    {
        _ = Check(LibvirtNative.virConnectGetLibVersion(_handle, out var version));
        return (int)version.Value;
    }

    internal LibvirtNative.NodeInfo GetNodeInfo()
    {
        _ = Check(LibvirtNative.virNodeGetInfo(_handle, out var info));
        return info;
    }

    /// <summary>Compares a guest's CPU with what the hypervisor can offer; an incompatible one is thrown, with its reasons.</summary>
    internal void CompareHypervisorCpu(string? arch, string? machine, string? virtType, string cpuXml)
    {
        const uint FailIncompatible = 1;
        var result = LibvirtNative.virConnectCompareHypervisorCPU(
            _handle, null, arch, machine, virtType, cpuXml, FailIncompatible);
        _ = Check(result);
        if (result == 0)
            throw new LibvirtException(ErrorCodes.CpuIncompatible, 0, "the CPU is incompatible with host CPU");
    }

    internal LibvirtDomain DefineDomain(string xml)
    {
        const uint Validate = 1;
        return new(Check(LibvirtNative.virDomainDefineXMLFlags(_handle, xml, Validate)));
    }

    /// <summary>
    /// A guest by its UUID. The host is asked the first time only, since libvirt finds it by its UUID with each call anyway:
    /// one that has gone since is told by the first call, with the same <see cref="ErrorCodes.NoDomain"/>.
    /// </summary>
    internal LibvirtDomain LookupDomain(Guid guest)
    {
        lock (_known)
        {
            if (_known.TryGetValue(guest, out var known))
                return new LibvirtDomain(known.Share());
        }

        var found = Check(LibvirtNative.virDomainLookupByUUIDString(_handle, guest.ToString("D")));
        Remember(guest, found);
        return new LibvirtDomain(found);
    }

    internal IReadOnlyList<LibvirtDomain> ListDomains()
    {
        var count = Check(LibvirtNative.virConnectListAllDomains(_handle, out var list, 0));
        var domains = new LibvirtDomain[count];
        for (var i = 0; i < count; i++)
            domains[i] = new LibvirtDomain(new DomainHandle(list[i]));
        NativeMemory.Free(list);
        return domains;
    }

    internal IReadOnlyList<LibvirtPool> ListActivePools()
    {
        const uint Active = 1 << 1;
        var count = Check(LibvirtNative.virConnectListAllStoragePools(_handle, out var list, Active));
        var pools = new LibvirtPool[count];
        for (var i = 0; i < count; i++)
            pools[i] = new LibvirtPool(new StoragePoolHandle(list[i]));
        NativeMemory.Free(list);
        return pools;
    }

    /// <summary>The active pool whose target is this folder; null when there is none.</summary>
    internal LibvirtPool? FindPoolByTarget(string folder)
    {
        try
        {
            return new LibvirtPool(Check(LibvirtNative.virStoragePoolLookupByTargetPath(_handle, folder)));
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoStoragePool)
        {
            return null;
        }
    }

    internal LibvirtStream NewStream() => new(Check(LibvirtNative.virStreamNew(_handle, 0)));

    internal LibvirtPool CreatePool(string xml) => new(Check(LibvirtNative.virStoragePoolCreateXML(_handle, xml, 0)));

    public void Dispose()
    {
        if (_handle.IsClosed)
            return;
        Forget();
        if (_lifecycle >= 0)
            _ = LibvirtNative.virConnectDomainEventDeregisterAny(_handle, _lifecycle);
        if (_closeRegistered)
            ConnectionCallbacks.UnregisterClose(_handle);
        _handle.Dispose();
    }

    private void Remember(Guid guest, DomainHandle found)
    {
        lock (_known)
        {
            if (_known.Count >= MostGuestsKnown)
                Forget();
            if (!_known.ContainsKey(guest))
                _known.Add(guest, found.Share());
        }
    }

    private void Forget()
    {
        lock (_known)
        {
            foreach (var handle in _known.Values)
                handle.Dispose();
            _known.Clear();
        }
    }
}
