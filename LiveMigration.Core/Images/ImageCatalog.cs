using System.Collections.Concurrent;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Images;

/// <summary>
/// The images: files of one folder of the controller, looked at again whenever somebody asks, read again when they have
/// changed. A file that can't be used is named in the log, once, and left out.
/// </summary>
public sealed partial class ImageCatalog(ServerSettings settings, ILogger<ImageCatalog> logger)
{
    private static readonly string[] Extensions = [".qcow2", ".raw", ".img"];

    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    /// <summary>All images, in the order of their names.</summary>
    public IReadOnlyList<CatalogImage> List()
    {
        var folder = new DirectoryInfo(settings.ImageFolder);
        if (!folder.Exists)
        {
            return [];
        }

        var images = new Dictionary<Guid, CatalogImage>();
        foreach (var file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (Extensions.Contains(file.Extension, StringComparer.Ordinal) && Look(file) is { } image && !images.TryAdd(image.Id, image))
            {
                Report(file.FullName, "NewerThan", $"its id {image.Id} is that of {images[image.Id].Path}");
            }
        }

        return [.. images.Values.OrderBy(image => image.Name, StringComparer.Ordinal).ThenBy(image => image.Id)];
    }

    /// <summary>One image; null when there is none of this id.</summary>
    public CatalogImage? Find(Guid id) => List().FirstOrDefault(image => image.Id == id);

    private CatalogImage? Look(FileInfo file)
    {
        var sidecar = new FileInfo(Path.ChangeExtension(file.FullName, ".json"));
        var stamp = $"{file.Length} {file.LastWriteTimeUtc.Ticks} {(sidecar.Exists ? sidecar.LastWriteTimeUtc.Ticks : 0)} {(sidecar.Exists ? sidecar.Length : 0)}";
        if (_seen.TryGetValue(file.FullName, out var seen) && seen.Stamp == stamp)
        {
            return seen.Image;
        }

        CatalogImage? image = null;
        try
        {
            image = Read(file, sidecar);
        }
        catch (Exception error) when (error is BrokenImage or IOException or UnauthorizedAccessException)
        {
            Report(file.FullName, stamp, error.Message);
        }

        _seen[file.FullName] = new Seen(stamp, image);
        return image;
    }

    private CatalogImage Read(FileInfo file, FileInfo sidecarFile)
    {
        var sidecar = sidecarFile.Exists ? ReadSidecar(sidecarFile) : new ImageSidecar();
        var (format, virtualBytes) = ImageProbe.Read(file.FullName);
        var name = sidecar.Name ?? Path.GetFileNameWithoutExtension(file.Name);
        if (sidecar is { Initramfs: not null, Kernel: null })
        {
            throw new BrokenImage($"{sidecarFile.Name} names an initramfs without a kernel");
        }

        return new CatalogImage(
            sidecar.Id ?? NameBasedId.Of("image", name), name, file.FullName, format, file.Length, virtualBytes, file.LastWriteTimeUtc)
        {
            Kernel = Beside(sidecarFile, "kernel", sidecar.Kernel),
            Initramfs = Beside(sidecarFile, "initramfs", sidecar.Initramfs),
            MinDiskGiB = sidecar.MinDiskGiB,
            MinRamMiB = sidecar.MinRamMiB,
            Properties = sidecar.Properties,
        };
    }

    private static ImageSidecar ReadSidecar(FileInfo file)
    {
        try
        {
            return ImageSidecar.Read(file.FullName);
        }
        catch (BrokenImage error)
        {
            throw new BrokenImage($"{file.Name}: {error.Message}");
        }
    }

    private string? Beside(FileInfo sidecar, string key, string? name)
    {
        if (name is null)
        {
            return null;
        }

        // Only files of the folder: a sidecar must not hand any file of the controller to a guest.
        var path = Path.Combine(settings.ImageFolder, name);
        return Path.GetFileName(name) != name ? throw new BrokenImage($"{sidecar.Name}: '{key}' is '{name}'; allowed: the name of a file beside it")
            : File.Exists(path) ? path
            : throw new BrokenImage($"{sidecar.Name}: there is no file {name} beside it");
    }

    private void Report(string path, string stamp, string reason)
    {
        if (!_seen.TryGetValue(path + "\0why", out var told) || told.Stamp != stamp)
        {
            _seen[path + "\0why"] = new Seen(stamp, null);
            LogBroken(path, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Image {Path} is left out: {Reason}")]
    private partial void LogBroken(string path, string reason);

    private sealed record Seen(string Stamp, CatalogImage? Image);
}
