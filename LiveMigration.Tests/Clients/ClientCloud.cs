using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LiveMigration.Api.Settings;
using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Clients;

/// <summary>One program for all client tests; they run one after another, when all others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClientTests : ICollectionFixture<ClientCloud>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "clients";
}

/// <summary>The program as a process, on its simulated cluster, and OpenStack's own clients as Debian has them.</summary>
public sealed class ClientCloud : IAsyncLifetime
{
    private const string OpenStack = "/usr/bin/openstack";
    private const string Nova = "/usr/bin/nova";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-clients-");
    private Process? _program;
    private Uri _url = new("http://127.0.0.1");

    /// <summary>Where images are put.</summary>
    public string Images => Path.Combine(_folder.FullName, "images");

    private static bool AreInstalled => File.Exists(OpenStack) && File.Exists(Nova);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Clouds => Path.Combine(_folder.FullName, "clouds.yaml");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!AreInstalled)
        {
            return;
        }

        _url = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(ApiSettings).Assembly.Location, $"--Urls={_url}", $"--State:Folder={_folder.FullName}" })
        {
            start.ArgumentList.Add(argument);
        }

        _program = Process.Start(start)!;
        _program.OutputDataReceived += (_, _) => { };
        _program.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = _url };
        await UntilAsync(async () => await AnswersAsync(client) && File.Exists(Clouds), "the program answers");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            _program.Kill(entireProcessTree: true);
            await _program.WaitForExitAsync(CancellationToken.None);
            _program.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Skips the test where the clients are not installed.</summary>
    public static void Demand()
    {
        const string missing = "no OpenStack clients here: lab/install-packages python3-openstackclient python3-novaclient python3-openstacksdk";
        if (!AreInstalled && Environment.GetEnvironmentVariable("REQUIRE_LAB") == "1")
        {
            Assert.Fail(missing);
        }

        Assert.SkipUnless(AreInstalled, missing);
    }

    /// <summary>Runs <c>openstack</c>, pointed at the program by its <c>clouds.yaml</c> alone.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> OpenStackAsync(params string[] arguments) => RunAsync(OpenStack, arguments, new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["OS_CLIENT_CONFIG_FILE"] = Clouds, ["OS_CLOUD"] = "livemigration",
    });

    /// <summary>Runs <c>nova</c>, pointed at the program by its environment alone.</summary>
    public async Task<string> NovaAsync(params string[] arguments)
    {
        var password = (await File.ReadAllLinesAsync(Clouds, Ct)).Select(line => line.Trim())
            .Single(line => line.StartsWith("password:", StringComparison.Ordinal))["password:".Length..].Trim().Trim('"');
        return await RunAsync(Nova, arguments, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["OS_AUTH_URL"] = $"{_url}identity/v3",
            ["OS_USERNAME"] = "admin",
            ["OS_PASSWORD"] = password,
            ["OS_PROJECT_NAME"] = "admin",
            ["OS_USER_DOMAIN_ID"] = "default",
            ["OS_PROJECT_DOMAIN_ID"] = "default",
            ["OS_REGION_NAME"] = "RegionOne",
        });
    }

    /// <summary>Runs a script of openstacksdk, which Debian's own Python has.</summary>
    public Task<string> PythonAsync(string script) => RunAsync("/usr/bin/python3", ["-c", script], new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["OS_CLIENT_CONFIG_FILE"] = Clouds,
    });

    /// <summary>Waits until a command prints what is wanted.</summary>
    public static Task UntilAsync(Func<Task<string>> command, Func<string, bool> wanted, string what) =>
        UntilAsync(async () => wanted(await command()), what);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"never: {what}");
            await Task.Delay(Interval, TimeProvider.System, Ct);
        }
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, Dictionary<string, string?> environment)
    {
        var answer = await Shell.RunAsync(program, arguments, Ct, environment);
        Assert.True(answer.Succeeded, $"{program} {string.Join(' ', arguments)}: {answer.Error} {answer.Output}");
        return answer.Output.Trim();
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), Ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
