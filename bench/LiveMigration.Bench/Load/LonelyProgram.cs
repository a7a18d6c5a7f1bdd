using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LiveMigration.Lab;

namespace LiveMigration.Bench.Load;

/// <summary>The program on its simulated cluster, with a port and a state folder of its own; both are gone when this is.</summary>
internal sealed class LonelyProgram : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ControllerProcess _process;

    private LonelyProgram(DirectoryInfo folder, ControllerProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Where it listens.</summary>
    public Uri Address => _process.BaseAddress;

    /// <summary>The admin's fixed token.</summary>
    public string AdminToken { get; private init; } = "";

    /// <summary>What it has written.</summary>
    public string LogFile => _process.LogFile;

    /// <summary>Starts it, with one small image to make servers of.</summary>
    /// <param name="program">The binary, or its assembly.</param>
    /// <param name="settings">Further settings, <c>--Name=VALUE</c>.</param>
    public static async Task<LonelyProgram> StartAsync(string program, CancellationToken ct, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("livemigration-bench-");
        try
        {
            var state = Path.Combine(folder.FullName, "state");
            Directory.CreateDirectory(Path.Combine(folder.FullName, "images"));
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "images", "small.raw"), new byte[1 << 20], ct);
            var process = await ControllerProcess.StartAsync(
                program,
                Path.Combine(folder.FullName, "program.log"),
                ct,
                [$"--State:Folder={state}", $"--Images:Folder={Path.Combine(folder.FullName, "images")}", "--Logging:LogLevel:LiveMigration.Api.Audit=Warning", .. settings]);
            return new LonelyProgram(folder, process)
            {
                AdminToken = (await File.ReadAllTextAsync(Path.Combine(state, "admin-token"), ct)).Trim(),
            };
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Logs the admin in by the password that the first start has written, as clients do.</summary>
    /// <returns>The token.</returns>
    public async Task<string> LogInAsync(CancellationToken ct)
    {
        var clouds = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "state", "clouds.yaml"), ct);
        var password = clouds.Select(line => line.Trim()).Single(line => line.StartsWith("password:", StringComparison.Ordinal)).Split('"')[1];
        var body = JsonNode.Parse(
            $$$"""{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "domain": {"id": "default"}, "password": "{{{password}}}"} } }, "scope": {"project": {"name": "admin", "domain": {"id": "default"} } } } }""");
        using var client = new HttpClient { BaseAddress = Address };
        using var content = JsonContent.Create(body);
        using var answer = await client.PostAsync(new Uri("/identity/v3/auth/tokens", UriKind.Relative), content, ct);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    public Task<int> StopAsync(CancellationToken ct) => _process.StopAsync(ct);

    /// <summary>Keeps the log where it outlives this.</summary>
    /// <returns>Where that is.</returns>
    public string KeepLog()
    {
        var kept = Path.Combine(Path.GetTempPath(), $"{_folder.Name}.log");
        File.Copy(LogFile, kept, overwrite: true);
        return kept;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
