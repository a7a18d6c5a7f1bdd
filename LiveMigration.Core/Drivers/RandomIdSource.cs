using System.Security.Cryptography;

namespace LiveMigration.Core.Drivers;

/// <summary>Ids from the operating system's generator.</summary>
public sealed class RandomIdSource : IIdSource
{
    /// <inheritdoc/>
    public Guid NewGuid()
    {
        // RFC 9562 §5.4: 122 random bits, version 4, variant 10.
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
