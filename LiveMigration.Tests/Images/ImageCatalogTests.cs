using LiveMigration.Core.Images;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LiveMigration.Tests.Images;

/// <summary>The folder of images: what is in it, and what is left out with its reason.</summary>
public sealed class ImageCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("livemigration-test-").FullName;
    private readonly RecordedLog _log = new();

    [Fact]
    public void An_image_has_the_same_id_as_long_as_it_has_its_name()
    {
        Put("debian.raw", new byte[1024]);

        var image = Assert.Single(Catalog().List());

        Assert.Equal(("debian", "raw", 1024L, NameBasedId.Of("image", "debian")), (image.Name, image.Format, image.VirtualBytes, image.Id));
        Assert.Equal(5, image.Id.Version);
        Assert.Equal(image.Id, Catalog().Find(image.Id)!.Id);
    }

    [Fact]
    public void What_is_said_beside_it_holds()
    {
        Put("debian.raw", new byte[1024]);
        Put("vmlinuz", new byte[8]);
        Put("debian.json", """
            {"name": "Debian 12", "id": "5e1f0000-0000-4000-8000-000000000001", "kernel": "vmlinuz",
             "min_disk": 2, "min_ram": 128, "properties": {"os_command_line": "quiet"}}
            """);

        var image = Assert.Single(Catalog().List());

        Assert.Equal(("Debian 12", 2, 128, "quiet"), (image.Name, image.MinDiskGiB, image.MinRamMiB, image.CommandLine));
        Assert.Equal(Path.Combine(_folder, "vmlinuz"), image.Kernel);
    }

    [Fact]
    public void A_qcow2_image_has_the_size_of_its_disk()
    {
        Put("disk.qcow2", Qcow2(size: 3L << 30));

        Assert.Equal(("qcow2", 3L << 30), (Assert.Single(Catalog().List()).Format, Catalog().List()[0].VirtualBytes));
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"id": "1"}""", "'id' is \"1\"; allowed: a UUID")]
    [InlineData("""{"colour": "red"}""", "'colour' is no key of it")]
    [InlineData("""{"min_ram": -1}""", "'min_ram' is -1; allowed: a number, 0 or more")]
    [InlineData("""{"kernel": "../secret"}""", "allowed: the name of a file beside it")]
    [InlineData("""{"kernel": "missing"}""", "there is no file missing beside it")]
    [InlineData("""{"initramfs": "disk.raw"}""", "names an initramfs without a kernel")]
    [InlineData("""{"properties": {"a": 1}}""", "'properties' is")]
    public void A_wrong_word_beside_it_leaves_it_out_and_is_told_once(string sidecar, string reason)
    {
        Put("disk.raw", new byte[512]);
        Put("disk.json", sidecar);
        var catalog = Catalog();

        Assert.Empty(catalog.List());
        Assert.Empty(catalog.List());

        Assert.Contains(reason, Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_image_is_left_out_with_its_reason()
    {
        Put("odd.raw", new byte[100]);
        Put("empty.img", []);
        Put("fake.qcow2", new byte[512]);
        Put("hidden.raw", Qcow2(size: 1 << 20));
        Put("upon.qcow2", Qcow2(size: 1 << 20, backing: 512));
        Put("locked.qcow2", Qcow2(size: 1 << 20, encryption: 1));
        Put("fine.raw", new byte[512]);

        Assert.Equal(["fine"], Catalog().List().Select(image => image.Name));

        Assert.Equal(6, _log.Lines.Count);
        Assert.Contains(_log.Lines, line => line.Contains("upon.qcow2", StringComparison.Ordinal) && line.Contains("rests on another file", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("hidden.raw", StringComparison.Ordinal) && line.Contains("is a qcow2 image", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_mended_is_seen_again()
    {
        Put("disk.raw", new byte[100]);
        var catalog = Catalog();
        Assert.Empty(catalog.List());

        Put("disk.raw", new byte[1024]);

        Assert.Single(catalog.List());
    }

    [Fact]
    public void No_folder_is_no_image() =>
        Assert.Empty(new ImageCatalog(new ServerSettings(_folder + "/none", "/srv", []), _log).List());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ImageCatalog Catalog() => new(new ServerSettings(_folder, "/srv", []), _log);

    private void Put(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);

    private void Put(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);

    private static byte[] Qcow2(long size, long backing = 0, int encryption = 0)
    {
        var head = new byte[512];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(head, 0x514649FB);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), 3);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(8), backing);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(24), size);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(32), encryption);
        return head;
    }

    private sealed class RecordedLog : ILogger<ImageCatalog>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
