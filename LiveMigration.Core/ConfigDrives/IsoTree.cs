using System.Buffers.Binary;

namespace LiveMigration.Core.ConfigDrives;

/// <summary>One tree of folders over an image's files: its directories, and the path table that lists them.</summary>
internal sealed class IsoTree
{
    private const byte FolderFlag = 2;
    private const int RecordBytes = 33;
    private static readonly byte[] Self = [0];
    private static readonly byte[] Above = [1];

    private readonly List<Folder> _folders = [];
    private readonly IReadOnlyList<IsoFile> _files;
    private int _littleTable;
    private int _bigTable;

    public IsoTree(IReadOnlyList<IsoFile> files, IsoNames names)
    {
        (_files, Names) = (files, names);
        var root = new Folder(Self, above: null);
        for (var index = 0; index < files.Count; index++)
        {
            var parts = files[index].Path.Split('/');
            var folder = root;
            foreach (var part in parts[..^1])
            {
                folder = folder.Enter(names.Of(part, isFolder: true));
            }

            folder.Files.Add((names.Of(parts[^1], isFolder: false), index));
        }

        Number(root);
    }

    /// <summary>How its names are written.</summary>
    public IsoNames Names { get; }

    /// <summary>Gives everything its place.</summary>
    /// <returns>The first sector behind.</returns>
    public int Place(int first)
    {
        var table = IsoImage.Sectors(_folders.Sum(folder => EntryBytes(folder.Name)));
        (_littleTable, _bigTable) = (first, first + table);
        var next = first + (2 * table);
        foreach (var folder in _folders)
        {
            folder.Sector = next;
            next += folder.Sectors = Layout(folder, static (_, _, _) => { });
        }

        return next;
    }

    /// <summary>Writes what a volume descriptor says of it.</summary>
    public void DescribeRoot(Span<byte> descriptor, DateTime made)
    {
        IsoNumbers.Both32(descriptor[132..], _folders.Sum(folder => EntryBytes(folder.Name)));
        BinaryPrimitives.WriteInt32LittleEndian(descriptor[140..], _littleTable);
        BinaryPrimitives.WriteInt32BigEndian(descriptor[148..], _bigTable);
        Record(descriptor[156..], Self, _folders[0].Sector, _folders[0].Bytes, FolderFlag, made);
    }

    /// <summary>Writes it.</summary>
    /// <param name="image">The whole image.</param>
    /// <param name="made">The time of everything.</param>
    /// <param name="places">The first sector of each file.</param>
    public void Write(byte[] image, DateTime made, IReadOnlyList<int> places)
    {
        WriteTable(IsoImage.At(image, _littleTable), isBig: false);
        WriteTable(IsoImage.At(image, _bigTable), isBig: true);
        foreach (var folder in _folders)
        {
            Layout(folder, (item, name, at) =>
            {
                var record = IsoImage.At(image, folder.Sector)[at..];
                if (item.Folder is { } inner)
                {
                    Record(record, name, inner.Sector, inner.Bytes, FolderFlag, made);
                }
                else
                {
                    Record(record, name, places[item.File], _files[item.File].Content.Length, flags: 0, made);
                }
            });
        }
    }

    // Level by level, each in the order of its parents and of its names: the order that the path table wants.
    private void Number(Folder root)
    {
        _folders.Add(root);
        for (var index = 0; index < _folders.Count; index++)
        {
            _folders[index].Number = index + 1;
            _folders.AddRange(_folders[index].Folders.OrderBy(folder => folder.Name, ByBytes));
        }
    }

    /// <summary>Walks through a directory's records; none reaches over the end of a sector.</summary>
    /// <returns>How many sectors it takes.</returns>
    private static int Layout(Folder folder, Action<(Folder? Folder, int File), byte[], int> place)
    {
        var at = 0;
        place((folder, -1), Self, Advance(Self));
        place((folder.Above ?? folder, -1), Above, Advance(Above));
        var items = folder.Folders.Select(inner => (inner.Name, Item: ((Folder?)inner, -1)))
            .Concat(folder.Files.Select(file => (file.Name, Item: ((Folder?)null, file.Index))));
        foreach (var (name, item) in items.OrderBy(item => item.Name, ByBytes))
        {
            place(item, name, Advance(name));
        }

        return IsoImage.Sectors(at);

        int Advance(byte[] name)
        {
            var (length, left) = (RecordLength(name), IsoImage.Sector - (at % IsoImage.Sector));
            var begin = length > left ? at + left : at;
            at = begin + length;
            return begin;
        }
    }

    private void WriteTable(Span<byte> table, bool isBig)
    {
        foreach (var folder in _folders)
        {
            table[0] = (byte)folder.Name.Length;
            var above = (short)(folder.Above ?? folder).Number;
            if (isBig)
            {
                BinaryPrimitives.WriteInt32BigEndian(table[2..], folder.Sector);
                BinaryPrimitives.WriteInt16BigEndian(table[6..], above);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(table[2..], folder.Sector);
                BinaryPrimitives.WriteInt16LittleEndian(table[6..], above);
            }

            folder.Name.CopyTo(table[8..]);
            table = table[EntryBytes(folder.Name)..];
        }
    }

    private static void Record(Span<byte> record, byte[] name, int sector, int bytes, byte flags, DateTime made)
    {
        record[0] = (byte)RecordLength(name);
        IsoNumbers.Both32(record[2..], sector);
        IsoNumbers.Both32(record[10..], bytes);
        IsoNumbers.ShortTime(record[18..], made);
        record[25] = flags;
        IsoNumbers.Both16(record[28..], 1);
        record[32] = (byte)name.Length;
        name.CopyTo(record[RecordBytes..]);
    }

    private static int RecordLength(byte[] name) => Even(RecordBytes + name.Length);

    private static int EntryBytes(byte[] name) => Even(8 + name.Length);

    private static int Even(int number) => number + (number & 1);

    private static Comparer<byte[]> ByBytes { get; } = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));

    private sealed class Folder(byte[] name, Folder? above)
    {
        public byte[] Name { get; } = name;

        public Folder? Above { get; } = above;

        public List<Folder> Folders { get; } = [];

        public List<(byte[] Name, int Index)> Files { get; } = [];

        public int Number { get; set; }

        public int Sector { get; set; }

        public int Sectors { get; set; }

        public int Bytes => Sectors * IsoImage.Sector;

        public Folder Enter(byte[] inner)
        {
            var found = Folders.Find(folder => folder.Name.AsSpan().SequenceEqual(inner));
            if (found is null)
            {
                Folders.Add(found = new Folder(inner, this));
            }

            return found;
        }
    }
}
