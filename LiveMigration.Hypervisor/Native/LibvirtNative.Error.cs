using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library)]
    internal static partial NativeError* virGetLastError();

    [LibraryImport(Library)]
    internal static partial void virResetLastError();

    [LibraryImport(Library)]
    internal static partial void virSetErrorFunc(nint data, delegate* unmanaged[Cdecl]<nint, nint, void> handler);

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeError
    {
        internal int Code;
        internal int Domain;
        internal nint Message;
        internal int Level;
        internal nint Connection;
        internal nint DomainObject;
        internal nint Text1;
        internal nint Text2;
        internal nint Text3;
        internal int Number1;
        internal int Number2;
        internal nint Network;
    }
}
