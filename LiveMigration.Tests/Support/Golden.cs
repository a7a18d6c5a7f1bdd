using Xunit;

namespace LiveMigration.Tests.Support;

/// <summary>Documents that are rendered from the code: the test fails when they differ, and says how to write them anew.</summary>
internal static class Golden
{
    public static void ShouldBe(string path, string text)
    {
        var file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{path} is missing: run the tests once with UPDATE_DOCS=1");
        Assert.True(text == File.ReadAllText(file), $"{path} no longer says what the code does: run the tests once with UPDATE_DOCS=1 and commit it");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LiveMigration.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("LiveMigration.sln was not found above the tests.");
        }

        return folder;
    }
}
