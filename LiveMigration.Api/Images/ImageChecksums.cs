using System.Collections.Concurrent;
using System.Security.Cryptography;
using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary>
/// The checksums that Glance shows. Those of small images are told at once, those of others when they have been read:
/// nobody waits for them, and they are read once as long as the file stays as it is.
/// </summary>
internal sealed class ImageChecksums
{
    private const long AtOnceBytes = 16 << 20;

    private readonly ConcurrentDictionary<(string Path, long Bytes, DateTime At), Reading> _known = new();

    /// <summary>An image's checksums; null while they are being read, or when the file can't be.</summary>
    public Checksums? Find(CatalogImage image)
    {
        var reading = _known.GetOrAdd((image.Path, image.FileBytes, image.ChangedAt), _ => new Reading());
        if (!reading.TryBegin())
        {
            return reading.Result;
        }

        if (image.FileBytes <= AtOnceBytes)
        {
            reading.Result = Read(image.Path);
        }
        else
        {
            _ = Task.Run(() => reading.Result = Read(image.Path));
        }

        return reading.Result;
    }

    private static Checksums? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
#pragma warning disable CA5351 // Glance shows MD5; nothing is protected by it
            using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
            using var sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
            var buffer = new byte[1 << 20];
            for (var count = file.Read(buffer); count > 0; count = file.Read(buffer))
            {
                md5.AppendData(buffer, 0, count);
                sha512.AppendData(buffer, 0, count);
            }

            return new Checksums(Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha512.GetHashAndReset()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Reading
    {
        private volatile Checksums? _result;
        private int _begun;

        public Checksums? Result
        {
            get => _result;
            set => _result = value;
        }

        public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;
    }
}

/// <summary>What Glance tells of an image's content.</summary>
/// <param name="Md5"><c>checksum</c>.</param>
/// <param name="Sha512"><c>os_hash_value</c>.</param>
internal sealed record Checksums(string Md5, string Sha512);
