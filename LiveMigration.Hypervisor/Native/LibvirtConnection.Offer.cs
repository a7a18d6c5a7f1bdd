using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <content>What a host has that a guest may need.</content>
internal sealed unsafe partial class LibvirtConnection
{
    /// <summary>What one machine of one emulator can do; it is thrown when the host has no such machine.</summary>
    internal string GetDomainCapabilities(string? emulator, string? arch, string? machine, string? virtType) =>
        Check(LibvirtNative.virConnectGetDomainCapabilities(_handle, emulator, arch, machine, virtType, 0));

    internal bool HasSecret(Guid uuid) => Exists(LibvirtNative.virSecretLookupByUUIDString(_handle, uuid.ToString("D")));

    internal bool HasSecret(int usageType, string usage) => Exists(LibvirtNative.virSecretLookupByUsage(_handle, usageType, usage));

    /// <summary>How many pages of this size, KiB, are free on the whole host.</summary>
    internal ulong GetFreePages(uint pageKiB)
    {
        const int WholeHost = -1;
        ulong count;
        _ = Check(LibvirtNative.virNodeGetFreePages(_handle, 1, &pageKiB, WholeHost, 1, &count, 0));
        return count;
    }

    private static bool Exists(nint secret)
    {
        if (secret != 0)
        {
            _ = LibvirtNative.virSecretFree(secret);
            return true;
        }

        var error = Last();
        return error.Code == ErrorCodes.NoSecret ? false : throw error;
    }
}
