using System.Globalization;
using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <summary>A list of virTypedParameter, made by libvirt's own functions and freed by them.</summary>
internal sealed unsafe class TypedParameters : IDisposable
{
    private const int TypeInt = 1;
    private const int TypeUInt = 2;
    private const int TypeLong = 3;
    private const int TypeULong = 4;
    private const int TypeDouble = 5;
    private const int TypeBoolean = 6;
    private const int TypeText = 7;

    private nint _list;
    private int _count;
    private int _capacity;

    internal TypedParameters()
    {
    }

    /// <summary>Takes over a list that libvirt returned.</summary>
    internal TypedParameters(nint list, int count) => (_list, _count, _capacity) = (list, count, count);

    internal int Count => _count;

    internal nint List => _list;

    internal void Add(string name, ulong value) =>
        _ = LibvirtException.Check(LibvirtNative.virTypedParamsAddULLong(ref _list, ref _count, ref _capacity, name, value));

    internal void Add(string name, int value) =>
        _ = LibvirtException.Check(LibvirtNative.virTypedParamsAddInt(ref _list, ref _count, ref _capacity, name, value));

    internal void Add(string name, string value) =>
        _ = LibvirtException.Check(LibvirtNative.virTypedParamsAddString(ref _list, ref _count, ref _capacity, name, value));

    /// <summary>The numbers of the list, by name; of a name that occurs twice the first.</summary>
    internal IReadOnlyDictionary<string, long> Numbers()
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
        {
            var parameter = (LibvirtNative.TypedParameter*)_list + i;
            if (Number(parameter) is { } number)
                numbers.TryAdd(Name(parameter), number);
        }

        return numbers;
    }

    /// <summary>The whole list as text, in its order.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Entries() => EntriesOf(_list, _count);

    /// <summary>The same of a list that somebody else frees.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> EntriesOf(nint list, int count)
    {
        var entries = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < count; i++)
        {
            var parameter = (LibvirtNative.TypedParameter*)list + i;
            var value = parameter->Type switch
            {
                TypeText => Marshal.PtrToStringUTF8(parameter->Text) ?? "",
                TypeDouble => parameter->Double.ToString(CultureInfo.InvariantCulture),
                TypeULong => parameter->ULong.ToString(CultureInfo.InvariantCulture),
                _ => Number(parameter)?.ToString(CultureInfo.InvariantCulture) ?? "",
            };
            entries.Add(new(Name(parameter), value));
        }

        return entries;
    }

    public void Dispose()
    {
        if (_list != 0)
            LibvirtNative.virTypedParamsFree(_list, _count);
        (_list, _count, _capacity) = (0, 0, 0);
    }

    private static string Name(LibvirtNative.TypedParameter* parameter) =>
        Marshal.PtrToStringUTF8((nint)parameter->Field) ?? "";

    private static long? Number(LibvirtNative.TypedParameter* parameter) => parameter->Type switch
    {
        TypeInt => parameter->Int,
        TypeUInt => parameter->UInt,
        TypeLong => parameter->Long,
        TypeULong => (long)Math.Min(parameter->ULong, long.MaxValue),
        TypeBoolean => parameter->Boolean,
        _ => null,
    };
}
