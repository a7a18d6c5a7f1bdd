using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <summary>What libvirt said when a call failed. It stops at the driver, which translates it.</summary>
internal sealed class LibvirtException(int code, int domain, string message, int systemError = 0) : Exception(message)
{
    /// <summary>A virErrorNumber.</summary>
    internal int Code { get; } = code;

    /// <summary>A virErrorDomain: which part of libvirt it comes from.</summary>
    internal int Domain { get; } = domain;

    /// <summary>The errno of a failed system call; 0 otherwise.</summary>
    internal int SystemError { get; } = systemError;

    /// <summary>
    /// The calling thread's last error. libvirt keeps it per thread: whoever calls this must not have awaited since
    /// the call that failed.
    /// </summary>
    internal static unsafe LibvirtException Last()
    {
        var error = LibvirtNative.virGetLastError();
        return error is null
            ? new LibvirtException(0, 0, "libvirt gave no reason")
            : new LibvirtException(
                error->Code,
                error->Domain,
                Marshal.PtrToStringUTF8(error->Message) ?? "libvirt gave no reason",
                error->Code == ErrorCodes.SystemError ? error->Number1 : 0);
    }

    /// <summary>Passes a return value on, or throws when it is negative.</summary>
    internal static int Check(int result) => result < 0 ? throw Last() : result;

    /// <summary>Passes a text on, or throws when there is none.</summary>
    internal static string Check(string? result) => result ?? throw Last();

    /// <summary>Passes a handle on, or throws when it is null.</summary>
    internal static THandle Check<THandle>(THandle handle)
        where THandle : SafeHandle
    {
        if (!handle.IsInvalid)
            return handle;
        var error = Last();
        handle.Dispose();
        throw error;
    }
}
