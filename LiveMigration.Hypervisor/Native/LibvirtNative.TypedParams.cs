using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddULLong(
        ref nint parameters, ref int count, ref int capacity, string name, ulong value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddInt(
        ref nint parameters, ref int count, ref int capacity, string name, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddString(
        ref nint parameters, ref int count, ref int capacity, string name, string value);

    [LibraryImport(Library)]
    internal static partial void virTypedParamsFree(nint parameters, int count);

    /// <summary>The C struct: 80 bytes of name, the type, 8 bytes of value.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 96)]
    internal struct TypedParameter
    {
        [FieldOffset(0)]
        internal fixed byte Field[80];

        [FieldOffset(80)]
        internal int Type;

        [FieldOffset(88)]
        internal int Int;

        [FieldOffset(88)]
        internal uint UInt;

        [FieldOffset(88)]
        internal long Long;

        [FieldOffset(88)]
        internal ulong ULong;

        [FieldOffset(88)]
        internal double Double;

        [FieldOffset(88)]
        internal byte Boolean;

        [FieldOffset(88)]
        internal nint Text;
    }
}
