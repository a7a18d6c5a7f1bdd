using System.Diagnostics;
using LiveMigration.Hypervisor.Native;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>What tests against libvirt's own test driver share.</summary>
internal static class Libvirt
{
    internal const string Uri = "test:///default";

    /// <summary>The one guest that the test driver begins with.</summary>
    internal static readonly Guid Guest = Guid.Parse("6695eb01-f6a4-8304-79aa-97f2502e193f");

    internal static void OrSkip()
    {
        Assert.SkipUnless(LibvirtLibrary.IsInstalled, "libvirt.so.0 is not installed (package libvirt0)");

        // Even its smallest functions crash in a process that has not initialized it.
        LibvirtLibrary.EnsureReady();
    }

    /// <summary>A test driver with guests of its own: every connection to it starts from the same definition.</summary>
    internal static string UriOfOwn(TemporaryFolder folder, string guests)
    {
        var file = Path.Combine(folder.Path, "node.xml");
        File.WriteAllText(file, $"<node>{guests}</node>");
        return "test://" + file;
    }

    internal static string Domain(Guid uuid, string name, string extra = "", string? runState = null) =>
        $"<domain type='test'>{extra}<name>{name}</name><uuid>{uuid}</uuid><memory>8388608</memory><vcpu>2</vcpu>"
        + "<os><type arch='i686'>hvm</type></os>"
        + (runState is null ? "" : $"<test:runstate xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>{runState}</test:runstate>")
        + "</domain>";

    internal static async Task EventuallyAsync(Func<bool> holds, Func<string> seen)
    {
        var since = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(10), $"not within 10 s; seen: {seen()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("livemigration-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
