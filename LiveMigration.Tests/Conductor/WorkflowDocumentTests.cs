using System.Text.RegularExpressions;
using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>docs/workflow.md promises a file and a test for each line of the workflow: they exist.</summary>
public sealed partial class WorkflowDocumentTests
{
    private static string[] Text => File.ReadAllLines(Path.Combine(Repository.Root, "docs", "workflow.md"));

    [Fact]
    public void Every_file_that_is_named_exists()
    {
        var files = Text.SelectMany(line => FileName().Matches(line)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(files.Count > 40, $"only {files.Count} files are named");
        Assert.All(files, file => Assert.True(
            new[] { "", "LiveMigration.Core", "LiveMigration.Api" }.Any(folder => File.Exists(Path.Combine(Repository.Root, folder, file))),
            $"there is no {file}"));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var known = typeof(WorkflowDocumentTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        var tests = Text.SelectMany(line => TestName().Matches(line)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(tests.Count > 20, $"only {tests.Count} tests are named");
        Assert.All(tests, test => Assert.Contains(test, known));
    }

    [Fact]
    public void Every_line_names_a_test_unless_it_says_why_not()
    {
        var lines = Text.Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| line", StringComparison.Ordinal)).ToList();

        Assert.True(lines.Count > 50, $"only {lines.Count} lines");
        Assert.All(lines, line => Assert.True(TestName().IsMatch(line) || line.EndsWith("| – |", StringComparison.Ordinal), line));
    }

    [GeneratedRegex("`(?<name>[A-Za-z./]+\\.cs)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FileName();

    [GeneratedRegex("`(?<name>[A-Za-z]+(Tests|Contract))`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TestName();
}
