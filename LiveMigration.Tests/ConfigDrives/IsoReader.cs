using System.Buffers.Binary;
using System.Text;

namespace LiveMigration.Tests.ConfigDrives;

/// <summary>Reads an ISO 9660 image as a kernel does: from a descriptor down its tree, record by record.</summary>
internal sealed class IsoReader(byte[] image, bool joliet)
{
    private const int Sector = 2048;
    private readonly int _descriptor = (joliet ? 17 : 16) * Sector;
    private readonly Encoding _names = joliet ? Encoding.BigEndianUnicode : Encoding.ASCII;

    public string Label => _names.GetString(image, _descriptor + 40, 32).TrimEnd(' ');

    public byte Type => image[_descriptor];

    public int Sectors => BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(_descriptor + 80));

    /// <summary>All files by their paths, without the versions that the standard puts behind their names.</summary>
    public IReadOnlyDictionary<string, byte[]> Files()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Walk(_descriptor + 156, "", files);
        return files;
    }

    /// <summary>The names in the path table and, for each, the name of the folder above it, empty for the root.</summary>
    public IReadOnlyList<(string Name, string Above)> Folders()
    {
        var at = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(_descriptor + 140)) * Sector;
        var end = at + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(_descriptor + 132));
        List<(string Name, int Above)> found = [];
        while (at < end)
        {
            var length = image[at];
            found.Add((_names.GetString(image, at + 8, length), BinaryPrimitives.ReadInt16LittleEndian(image.AsSpan(at + 6))));
            at += 8 + length + (length & 1);
        }

        return [.. found.Skip(1).Select(folder => (folder.Name, folder.Above == 1 ? "" : found[folder.Above - 1].Name))];
    }

    private void Walk(int record, string path, Dictionary<string, byte[]> files)
    {
        var from = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(record + 2)) * Sector;
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(record + 10));
        for (var at = from; at < from + bytes;)
        {
            if (image[at] == 0)
            {
                at = ((at / Sector) + 1) * Sector;
                continue;
            }

            if (image.AsSpan(at + 33, image[at + 32]) is not ([0] or [1]))
            {
                Enter(at, path, files);
            }

            at += image[at];
        }
    }

    private void Enter(int at, string path, Dictionary<string, byte[]> files)
    {
        var name = _names.GetString(image, at + 33, image[at + 32]);
        if ((image[at + 25] & 2) != 0)
        {
            Walk(at, $"{path}{name}/", files);
            return;
        }

        var from = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at + 2)) * Sector;
        files.Add(
            path + name.Split(';')[0].TrimEnd('.'), image[from..(from + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at + 10)))]);
    }
}
