using System.Text;

namespace LiveMigration.Core.ConfigDrives;

/// <summary>
/// Writes small ISO 9660 images, in memory. There are two trees over the same files: a plain one for readers that know
/// nothing else, and Joliet's with the names as they are. The same files, label and time make the same bytes.
/// </summary>
public static class IsoImage
{
    internal const int Sector = 2048;

    private const int FirstDescriptor = 16;
    private const int AfterDescriptors = FirstDescriptor + 3;

    /// <summary>The image.</summary>
    /// <param name="label">What the medium is called, at most 16 letters of ASCII: Joliet has no room for more.</param>
    /// <param name="made">The time that everything on it is of, UTC.</param>
    /// <param name="files">What is on it.</param>
    public static byte[] Write(string label, DateTime made, IReadOnlyList<IsoFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, 16, nameof(label));
        var (plain, joliet) = (new IsoTree(files, IsoNames.Plain), new IsoTree(files, IsoNames.Joliet));
        var next = plain.Place(AfterDescriptors);
        next = joliet.Place(next);
        var places = new int[files.Count];
        for (var index = 0; index < files.Count; index++)
        {
            places[index] = next;
            next += Sectors(files[index].Content.Length);
        }

        var image = new byte[next * Sector];
        Describe(At(image, FirstDescriptor), type: 1, label, made, plain, next);
        Describe(At(image, FirstDescriptor + 1), type: 2, label, made, joliet, next);
        Begin(At(image, FirstDescriptor + 2), type: 255);
        plain.Write(image, made, places);
        joliet.Write(image, made, places);
        for (var index = 0; index < files.Count; index++)
        {
            files[index].Content.Span.CopyTo(At(image, places[index]));
        }

        return image;
    }

    internal static int Sectors(int bytes) => (bytes + Sector - 1) / Sector;

    internal static Span<byte> At(byte[] image, int sector) => image.AsSpan(sector * Sector);

    private static void Begin(Span<byte> descriptor, byte type)
    {
        descriptor[0] = type;
        "CD001"u8.CopyTo(descriptor[1..]);
        descriptor[6] = 1;
    }

    // ECMA-119, 8.4 and 8.5; of the two only the second tells how its names are written.
    private static void Describe(Span<byte> descriptor, byte type, string label, DateTime made, IsoTree tree, int sectors)
    {
        Begin(descriptor, type);
        tree.Names.Fill(descriptor[8..40], "LINUX");
        tree.Names.Fill(descriptor[40..72], label);
        IsoNumbers.Both32(descriptor[80..], sectors);
        tree.Names.Escape.CopyTo(descriptor[88..]);
        IsoNumbers.Both16(descriptor[120..], 1);
        IsoNumbers.Both16(descriptor[124..], 1);
        IsoNumbers.Both16(descriptor[128..], Sector);
        tree.DescribeRoot(descriptor, made);
        foreach (var (from, to) in new[] { (190, 318), (318, 446), (446, 574), (574, 702), (702, 739), (739, 776), (776, 813) })
        {
            tree.Names.Fill(descriptor[from..to], "");
        }

        IsoNumbers.LongTime(descriptor[813..], made);
        IsoNumbers.LongTime(descriptor[830..], made);
        IsoNumbers.LongTime(descriptor[847..], time: null);
        IsoNumbers.LongTime(descriptor[864..], time: null);
        descriptor[881] = 1;
    }
}

/// <summary>How one of the trees writes names.</summary>
/// <param name="Encoding">Of texts.</param>
/// <param name="Upper">True to write letters in upper case.</param>
/// <param name="Escape">The sequence that tells readers of the encoding.</param>
internal sealed record IsoNames(Encoding Encoding, bool Upper, byte[] Escape)
{
    /// <summary>
    /// Upper case, as the standard wants it; systems that know only this tree show lower case. Hyphens and the length of
    /// names are beyond the standard's letter, and everybody reads them.
    /// </summary>
    public static IsoNames Plain { get; } = new(Encoding.ASCII, Upper: true, []);

    /// <summary>Joliet, level 3.</summary>
    public static IsoNames Joliet { get; } = new(Encoding.BigEndianUnicode, Upper: false, [0x25, 0x2F, 0x45]);

    /// <summary>The name of a file or a folder in a directory; files have a version.</summary>
    public byte[] Of(string name, bool isFolder)
    {
        var text = Upper ? name.ToUpperInvariant() : name;
        return Encoding.GetBytes(isFolder ? text : Upper && !text.Contains('.', StringComparison.Ordinal) ? $"{text}.;1" : $"{text};1");
    }

    /// <summary>A text in a field of fixed length.</summary>
    public void Fill(Span<byte> field, string text)
    {
        var width = Encoding.GetByteCount(" ");
        Encoding.GetBytes(text.PadRight(field.Length / width), field);
    }
}
