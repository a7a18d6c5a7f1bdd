using LiveMigration.Core.Drivers;

namespace LiveMigration.Simulation;

/// <summary>Ids that a seed gives.</summary>
internal sealed class SeededIds(Random random) : IIdSource
{
    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
