using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LiveMigration.Tests.Notifications;

/// <summary>
/// Debian's RabbitMQ on loopback ports and in a folder of its own, with an epmd of its own; both are ended as the
/// processes that were started here. No service of the machine is needed or touched.
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string Mapper = "/usr/bin/epmd";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-rabbitmq-");
    private readonly List<Process> _processes = [];
    private readonly Queue<string> _lastWords = [];

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing => File.Exists(Program) && File.Exists(Mapper) ? null : "lab/install-packages would install rabbitmq-server";

    /// <summary>The address of its AMQP port, with the user that it begins with.</summary>
    public Uri Url { get; } = new($"amqp://guest@127.0.0.1:{FreePort()}/");

    public static async Task<RabbitMqServer> StartAsync(CancellationToken ct)
    {
        var server = new RabbitMqServer();
        try
        {
            server.Launch();
            await server.ReadyAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = Url, Password = "guest" }.CreateConnectionAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private void Launch()
    {
        var names = FreePort();
        Start(Mapper, ["-port", $"{names}", "-address", "127.0.0.1"], []);
        File.WriteAllText(Path.Combine(_folder.FullName, "plugins"), "[].");
        Start(Program, [], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _folder.FullName,
            ["ERL_EPMD_PORT"] = $"{names}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"livemigration{Url.Port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{Url.Port}",
            ["RABBITMQ_DIST_PORT"] = $"{FreePort()}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder.FullName, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder.FullName, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder.FullName, "pid"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder.FullName, "plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder.FullName, "none"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder.FullName, "none"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        });
    }

    private void Start(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _processes.Add(process);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Note(string? line)
    {
        lock (_lastWords)
        {
            _lastWords.Enqueue(line ?? "");
            if (_lastWords.Count > 30)
            {
                _lastWords.Dequeue();
            }
        }
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await (await ConnectAsync()).DisposeAsync();
                return;
            }
            catch (BrokerUnreachableException) when (TimeProvider.System.GetElapsedTime(began) < Patience && !_processes[1].HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
            catch (BrokerUnreachableException exception)
            {
                throw new InvalidOperationException($"RabbitMQ did not come up: {LastWords()}", exception);
            }
        }
    }

    private string LastWords()
    {
        lock (_lastWords)
        {
            return string.Join('\n', _lastWords);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
