using System.Security.Cryptography;
using System.Text;

namespace LiveMigration.Core.Images;

/// <summary>Ids that come of names, the same each time: version 5 of RFC 9562.</summary>
public static class NameBasedId
{
    private static readonly Guid OurNames = new("9a1c5f5e-3f0b-5d5a-8e55-6d2f2b8f4c11");

    /// <summary>The id of a thing of a kind.</summary>
    /// <param name="kind">What sort of thing; the same name of another sort has another id.</param>
    /// <param name="name">Its name.</param>
    public static Guid Of(string kind, string name)
    {
        byte[] text = [.. OurNames.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{kind}/{name}")];
#pragma warning disable CA5350 // RFC 9562 says SHA-1; nothing is protected by it
        var bytes = SHA1.HashData(text).AsSpan(0, 16);
#pragma warning restore CA5350
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x50);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
