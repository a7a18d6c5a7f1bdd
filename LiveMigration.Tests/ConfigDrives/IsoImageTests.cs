using System.Diagnostics;
using CsCheck;
using LiveMigration.Core.ConfigDrives;
using Xunit;

namespace LiveMigration.Tests.ConfigDrives;

/// <summary>Images that are written are read again, by a reader of our own and by the system's.</summary>
public sealed class IsoImageTests
{
    private static readonly DateTime Made = new(2026, 7, 1, 12, 30, 45, DateTimeKind.Utc);
    private static readonly string[] Folders = ["openstack/latest/", "openstack/2018-08-27/", ""];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_written_is_read_again_in_both_trees() =>
        Gen.Select(Gen.Int[0, 2], Gen.Byte.Array[0, 5000]).Array[0, 120].Sample(given =>
        {
            List<IsoFile> files = [.. given.Select((one, number) => new IsoFile($"{Folders[one.Item1]}file_with-a-name_{number}.json", one.Item2))];

            var image = IsoImage.Write("config-2", Made, files);

            foreach (var joliet in new[] { false, true })
            {
                var reader = new IsoReader(image, joliet);
                Assert.Equal((joliet ? 2 : 1, "config-2", image.Length / 2048), (reader.Type, reader.Label, reader.Sectors));
                var found = reader.Files();
                Assert.Equal(files.Count, found.Count);
                Assert.All(files, file => Assert.Equal(file.Content.ToArray(), found[joliet ? file.Path : file.Path.ToUpperInvariant()]));
            }
        }, iter: 100);

    [Fact]
    public void Folders_are_listed_with_the_one_above_them()
    {
        var image = IsoImage.Write("config-2", Made, [.. Folders.Select(folder => new IsoFile($"{folder}a", new byte[1]))]);

        Assert.Equal([("openstack", ""), ("2018-08-27", "openstack"), ("latest", "openstack")], new IsoReader(image, joliet: true).Folders());
    }

    [Fact]
    public void The_same_files_make_the_same_bytes()
    {
        IsoFile[] files = [new("openstack/latest/meta_data.json", "{}"u8.ToArray())];
        Assert.Equal(IsoImage.Write("config-2", Made, files), IsoImage.Write("config-2", Made, files));
        Assert.NotEqual(IsoImage.Write("config-2", Made, files), IsoImage.Write("config-2", Made.AddSeconds(1), files));
    }

    [Fact]
    public async Task The_systems_own_tool_finds_the_label_by_which_guests_look_for_it()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/blkid"), "there is no blkid here");
        var path = Path.Combine(Path.GetTempPath(), $"livemigration-test-{Environment.ProcessId}.iso");
        await File.WriteAllBytesAsync(path, IsoImage.Write("config-2", Made, [new IsoFile("openstack/latest/user_data", new byte[9])]), Ct);
        try
        {
            var command = new ProcessStartInfo("/usr/sbin/blkid", ["-p", "-o", "export", path]) { RedirectStandardOutput = true, UseShellExecute = false };
            using var blkid = Process.Start(command)!;
            var said = (await blkid.StandardOutput.ReadToEndAsync(Ct)).Split('\n');

            Assert.Contains("LABEL=config-2", said);
            Assert.Contains("TYPE=iso9660", said);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_label_that_has_no_room_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IsoImage.Write(new string('a', 17), Made, []));
}
