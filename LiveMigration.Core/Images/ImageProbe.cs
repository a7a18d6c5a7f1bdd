using System.Buffers.Binary;

namespace LiveMigration.Core.Images;

/// <summary>Looks at the head of an image file: what format it really has, and how large the disk in it is.</summary>
internal static class ImageProbe
{
    private const uint Qcow2Magic = 0x514649FB;
    private const int HeadBytes = 104;
    private const int SectorBytes = 512;
    private const ulong ExternalDataFile = 1 << 2;

    /// <exception cref="BrokenImage">It is not what its name says, or needs another file.</exception>
    public static (string Format, long VirtualBytes) Read(string path)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        head.Clear();
        long length;
        using (var file = File.OpenRead(path))
        {
            length = file.Length;
            _ = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        }

        var isQcow2 = BinaryPrimitives.ReadUInt32BigEndian(head) == Qcow2Magic;
        var extension = Path.GetExtension(path);
        if (isQcow2 && extension is ".raw")
        {
            throw new BrokenImage("it is named raw, but is a qcow2 image");
        }

        if (!isQcow2 && extension is ".qcow2")
        {
            throw new BrokenImage("it is named qcow2, but is none");
        }

        return isQcow2 ? ("qcow2", Qcow2(head)) : ("raw", Raw(length));
    }

    // A disk that rests on another file would show its guest whatever file of the host it names.
    private static long Qcow2(ReadOnlySpan<byte> head)
    {
        var version = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        var backing = BinaryPrimitives.ReadUInt64BigEndian(head[8..]);
        var size = BinaryPrimitives.ReadUInt64BigEndian(head[24..]);
        var encrypted = BinaryPrimitives.ReadUInt32BigEndian(head[32..]);
        var features = version >= 3 ? BinaryPrimitives.ReadUInt64BigEndian(head[72..]) : 0;
        return version is not (2 or 3) ? throw new BrokenImage($"it is a qcow2 image of version {version}; allowed: 2 and 3")
            : backing != 0 ? throw new BrokenImage("it rests on another file; make it whole with qemu-img convert")
            : (features & ExternalDataFile) != 0 ? throw new BrokenImage("its data is in another file; make it whole with qemu-img convert")
            : encrypted != 0 ? throw new BrokenImage("it is encrypted")
            : size is 0 or > long.MaxValue ? throw new BrokenImage("its header tells no size")
            : (long)size;
    }

    private static long Raw(long length) => length > 0 && length % SectorBytes == 0
        ? length
        : throw new BrokenImage($"it is {length} bytes long, which is no disk");
}
