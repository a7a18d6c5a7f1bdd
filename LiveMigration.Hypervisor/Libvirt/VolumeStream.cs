using System.Security.Cryptography;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>A whole file over libvirt's connection. Everything here blocks for as long as it takes.</summary>
internal static class VolumeStream
{
    // As much as libvirt puts into one message.
    private const int BlockBytes = 256 * 1024;

    internal delegate void BlockSink(ReadOnlySpan<byte> block);

    /// <summary>Reads it, and hands it on block by block.</summary>
    /// <returns>SHA-256, lower case.</returns>
    internal static string Read(LibvirtConnection connection, LibvirtPool pool, string name, BlockSink sink)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = connection.NewStream();
        pool.Download(name, stream);
        var buffer = new byte[BlockBytes];
        try
        {
            for (var count = stream.Receive(buffer); count > 0; count = stream.Receive(buffer))
            {
                sum.AppendData(buffer, 0, count);
                sink(buffer.AsSpan(0, count));
            }

            stream.Finish();
        }
        catch
        {
            stream.Abort();
            throw;
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    /// <summary>Writes it from its beginning, until there is no further block.</summary>
    internal static void Write(LibvirtConnection connection, LibvirtPool pool, string name, Func<byte[]?> source)
    {
        using var stream = connection.NewStream();
        pool.Upload(name, stream);
        try
        {
            while (source() is { } block)
                stream.Send(block);
            stream.Finish();
        }
        catch
        {
            stream.Abort();
            throw;
        }
    }
}
