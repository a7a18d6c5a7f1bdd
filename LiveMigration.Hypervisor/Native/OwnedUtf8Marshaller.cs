using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LiveMigration.Hypervisor.Native;

/// <summary>Takes over a <c>char *</c> that the caller has to free.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(OwnedUtf8Marshaller))]
internal static unsafe class OwnedUtf8Marshaller
{
    public static string? ConvertToManaged(nint unmanaged) => Marshal.PtrToStringUTF8(unmanaged);

    public static void Free(nint unmanaged) => NativeMemory.Free((void*)unmanaged);
}
