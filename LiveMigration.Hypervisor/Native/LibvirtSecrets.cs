using System.Runtime.InteropServices;
using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <summary>The secrets of one connection. Every method blocks, and throws <see cref="LibvirtException"/>; what is not there is null.</summary>
internal sealed class LibvirtSecrets(ConnectHandle connection)
{
    /// <summary>The definition of the one secret of this use; it is no part of it what the secret is.</summary>
    internal string? FindByUsage(int usageType, string usage)
    {
        using var secret = Owned(LibvirtNative.virSecretLookupByUsage(connection, usageType, usage));
        return secret is null ? null : Check(LibvirtNative.virSecretGetXMLDesc(secret, 0));
    }

    /// <summary>Defines a secret, or defines that of its UUID anew. libvirt refuses a second one of the same use.</summary>
    internal void Define(string xml)
    {
        using var secret = Check(LibvirtNative.virSecretDefineXML(connection, xml, 0));
    }

    internal void Undefine(Guid uuid)
    {
        using var secret = Owned(LibvirtNative.virSecretLookupByUUIDString(connection, uuid.ToString("D")));
        if (secret is not null)
            _ = Check(LibvirtNative.virSecretUndefine(secret));
    }

    private static SecretHandle? Owned(nint secret)
    {
        if (secret != 0)
            return new SecretHandle(secret);
        var error = Last();
        return error.Code == ErrorCodes.NoSecret ? null : throw error;
    }
}

/// <summary>Owns a virSecret.</summary>
internal sealed class SecretHandle() : SafeHandle(0, ownsHandle: true)
{
    internal SecretHandle(nint owned)
        : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virSecretFree(handle) == 0;
}
