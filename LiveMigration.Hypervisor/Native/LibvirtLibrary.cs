using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Native;

/// <summary>Loads libvirt and starts its event loop, once per process and before the first connection.</summary>
internal static unsafe class LibvirtLibrary
{
    private static readonly Lock Gate = new();
    private static bool _ready;

    private static string HowToInstall =>
        $"{LibvirtNative.Library} could not be loaded: install libvirt's client library on this machine "
        + "(package libvirt0 on Debian and Ubuntu, libvirt-libs on RHEL and Fedora).";

    /// <summary>True when the shared library can be loaded on this machine.</summary>
    internal static bool IsInstalled =>
        NativeLibrary.TryLoad(LibvirtNative.Library, typeof(LibvirtLibrary).Assembly, null, out _);

    /// <exception cref="InvalidSettings">The library is not installed; the message names the package.</exception>
    internal static void EnsureReady()
    {
        lock (Gate)
        {
            if (_ready)
                return;
            if (!IsInstalled)
                throw new InvalidSettings(HowToInstall);
            _ = LibvirtException.Check(LibvirtNative.virInitialize());

            // libvirt prints every error to stderr unless told otherwise; ours travel as exceptions.
            LibvirtNative.virSetErrorFunc(0, &Quiet);
            LibvirtEventLoop.Start();
            _ready = true;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Quiet(nint data, nint error)
    {
    }
}
