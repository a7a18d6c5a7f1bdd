using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Auth;

/// <summary>A secret that lives in a file only its owner can read; made when it is missing. Only its hash stays in memory.</summary>
internal sealed class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _hash;

    private readonly string _hex;

    private SecretFile(byte[] hash) => (_hash, _hex) = (hash, Convert.ToHexStringLower(hash));

    /// <summary>Reads or makes it.</summary>
    /// <param name="setting">The setting that names the file, for the error.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidSettings">It can't be used.</exception>
    public static SecretFile Open(string setting, string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Make(path);
            }

            var text = ReadOwnersOnly(setting, path);
            return text.Length >= 16
                ? new SecretFile(Hash(text))
                : throw new InvalidSettings($"{setting} is '{path}', but its content is too short; allowed: 16 characters or more. Remove it to have a new one made.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettings($"{setting} is '{path}', but it can't be used: {exception.Message}");
        }
    }

    /// <summary>Reads a secret that is shared with somebody else, and so is needed as it is and never made here.</summary>
    /// <param name="setting">The setting that names the file, for the error.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidSettings">It can't be used.</exception>
    public static string ReadText(string setting, string path)
    {
        try
        {
            var text = ReadOwnersOnly(setting, path);
            return text.Length > 0 ? text : throw new InvalidSettings($"{setting} is '{path}', but that file is empty. Write the secret into it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettings($"{setting} is '{path}', but it can't be used: {exception.Message}");
        }
    }

    /// <summary>Whether this is the secret; takes as long for a right one as for a wrong one.</summary>
    public bool Matches(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Hash(given), _hash);

    /// <summary>The same, of the secret's SHA-256 in hexadecimal digits.</summary>
    public bool HasHash(string hash) =>
        CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(hash.AsSpan()),
            MemoryMarshal.AsBytes(_hex.AsSpan()));

    /// <summary>256 random bits as text.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string text) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));

    private static string ReadOwnersOnly(string setting, string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) is var others && others is not UnixFileMode.None)
        {
            throw new InvalidSettings($"{setting} is '{path}', which others may read too ({others}). Run: chmod 600 {path}");
        }

        return File.ReadAllText(path).Trim();
    }

    private static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var writer = new StreamWriter(path, options);
        writer.WriteLine(NewSecret());
    }
}
