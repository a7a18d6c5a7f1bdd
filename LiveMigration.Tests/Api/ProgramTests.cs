using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LiveMigration.Api.Settings;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>The program as a process: what it prints, how it ends.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--help", "LiveMigration:DowntimeMs")]
    [InlineData("--version", "0.")]
    public async Task Help_and_version_are_printed(string argument, string text)
    {
        var (code, output, error) = await RunAsync(argument);
        Assert.Equal(0, code);
        Assert.Contains(text, output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("--LiveMigration:DowntimeMs=1", "LiveMigration:DowntimeMs is '1'")]
    [InlineData("--Database:Path=/no/such/folder/x.db", "Database:Path is '/no/such/folder/x.db'")]
    [InlineData("--Auth:TokenFile=/no/such/folder/token", "Auth:TokenFile is '/no/such/folder/token'")]
    public async Task A_wrong_setting_ends_it_with_one_line_and_code_2(string argument, string text)
    {
        var (code, _, error) = await RunAsync(argument, "--State:Folder=" + _folder.FullName);
        Assert.Equal(2, code);
        Assert.Contains(text, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_ends_it_with_one_line_and_code_3()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, output, error) = await RunAsync($"--Urls=http://127.0.0.1:{port}", "--State:Folder=" + _folder.FullName);
        Assert.Equal(3, code);
        Assert.Contains($":{port}", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.StartsWith("LiveMigration 0.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_backed_up_by_one_word()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start(); // so that the program ends once its state is made
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await RunAsync($"--Urls=http://127.0.0.1:{port}", "--State:Folder=" + _folder.FullName);
        var copy = Path.Combine(_folder.FullName, "copy.db");

        var (code, output, error) = await RunAsync("backup", "--to", copy, "--State:Folder=" + _folder.FullName);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(copy, Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.True(new FileInfo(copy).Length > 0);
    }

    [Theory]
    [InlineData("livemigration backup --to FILE")]
    [InlineData("nothing to back up", "--to=copy.db")]
    public async Task A_backup_that_can_not_be_made_ends_with_one_line_and_code_2(string text, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(["backup", .. arguments, "--State:Folder=" + _folder.FullName]);

        Assert.Equal(2, code);
        Assert.Contains(text, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(ApiSettings).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
