using System.Security.Cryptography;
using System.Text;

namespace LiveMigration.Core.Model;

/// <summary>
/// Ids for what has none of its own here but needs one in Nova's API: made of names, so that they stay the same (RFC 9562,
/// version 8).
/// </summary>
public static class PortId
{
    /// <summary>Of a server's interface.</summary>
    public static Guid Of(Guid server, string mac) => Made($"port/{server}/{mac}");

    /// <summary>Of the network behind an interface.</summary>
    public static Guid OfNetwork(string type, string? source) => Made($"network/{type}/{source}");

    private static Guid Made(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
