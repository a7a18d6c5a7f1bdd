using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <summary>Bytes over a connection, in one direction. Every method blocks, and throws <see cref="LibvirtException"/>.</summary>
internal sealed unsafe class LibvirtStream(StreamHandle handle) : IDisposable
{
    internal StreamHandle Handle { get; } = handle;

    /// <summary>How many bytes came; 0 at the end.</summary>
    internal int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Check(LibvirtNative.virStreamRecv(Handle, start, (nuint)buffer.Length));
    }

    internal void Send(ReadOnlySpan<byte> block)
    {
        while (!block.IsEmpty)
        {
            fixed (byte* start = block)
                block = block[Check(LibvirtNative.virStreamSend(Handle, start, (nuint)block.Length))..];
        }
    }

    /// <summary>Waits until the other side has taken all, and tells if it could not.</summary>
    internal void Finish() => _ = Check(LibvirtNative.virStreamFinish(Handle));

    /// <summary>Gives up; a stream that has ended already is no error.</summary>
    internal void Abort() => _ = LibvirtNative.virStreamAbort(Handle);

    public void Dispose() => Handle.Dispose();
}
