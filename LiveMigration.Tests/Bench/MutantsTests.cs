using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Bench;

/// <summary>The planted mistakes of <c>bench/mutants</c>; whether they are caught takes longer than a test may.</summary>
public sealed class MutantsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "bench", "parts", "mutants");

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Folder, "*.patch").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_ten_and_more() => Assert.True(Names().Count >= 10);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_still_fits_the_sources(string name)
    {
        var patch = File.ReadAllLines(Path.Combine(Folder, $"{name}.patch"));
        var target = patch.Single(line => line.StartsWith("--- a/", StringComparison.Ordinal))["--- a/".Length..];
        var source = File.ReadAllText(Path.Combine(Repository.Root, target));
        var hunks = string.Join('\n', patch.SkipWhile(line => !line.StartsWith("@@ ", StringComparison.Ordinal)))
            .Split("@@ ", StringSplitOptions.RemoveEmptyEntries)
            .Select(hunk => hunk.Split('\n'))
            .Where(hunk => hunk.Any(line => line.StartsWith('-')));

        Assert.All(hunks, hunk => Assert.Contains(
            string.Join('\n', hunk.Skip(1).Where(line => line is [' ' or '-', ..]).Select(line => line[1..])), source, StringComparison.Ordinal));
    }
}
