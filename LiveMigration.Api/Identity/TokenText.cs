using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LiveMigration.Api.Identity;

/// <summary>A token as it is written: random, and told again only by its hash.</summary>
internal static class TokenText
{
    private const int MaxLength = 2048;

    /// <summary>A new token of 256 random bits.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A new audit id, which names a token without being one.</summary>
    public static string NewAuditId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>What is kept of a token; null for what can be none.</summary>
    public static string? Hash(string? token)
    {
        if (token is not { Length: > 0 and <= MaxLength })
        {
            return null;
        }

        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(token.Length) <= 512 ? 512 : 3 * (MaxLength + 1)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(token, text)], hash);
        return Convert.ToHexStringLower(hash);
    }
}
