using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LiveMigration.Core.ConfigDrives;

/// <summary>Numbers and times as ECMA-119 writes them.</summary>
internal static class IsoNumbers
{
    /// <summary>In both orders of bytes, one after the other.</summary>
    public static void Both16(Span<byte> field, int number)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)number);
        BinaryPrimitives.WriteUInt16BigEndian(field[2..], (ushort)number);
    }

    /// <summary>In both orders of bytes, one after the other.</summary>
    public static void Both32(Span<byte> field, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(field, number);
        BinaryPrimitives.WriteInt32BigEndian(field[4..], number);
    }

    /// <summary>Seven bytes, the last one the zone: UTC. Years before 1900 and after 2155 can't be said.</summary>
    public static void ShortTime(Span<byte> field, DateTime time)
    {
        field[0] = (byte)Math.Clamp(time.Year - 1900, 0, byte.MaxValue);
        field[1] = (byte)time.Month;
        field[2] = (byte)time.Day;
        field[3] = (byte)time.Hour;
        field[4] = (byte)time.Minute;
        field[5] = (byte)time.Second;
        field[6] = 0;
    }

    /// <summary>Sixteen digits and the zone; zeros for no time.</summary>
    public static void LongTime(Span<byte> field, DateTime? time) =>
        Encoding.ASCII.GetBytes(time?.ToString("yyyyMMddHHmmssff", CultureInfo.InvariantCulture) ?? new string('0', 16), field);
}
