using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace LiveMigration.Lab;

/// <summary>A controller that runs as a process of its own, so that it can be stopped, or killed at any moment.</summary>
public sealed class ControllerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _capture;

    private ControllerProcess(Process process, Task capture, Uri baseAddress, string logFile)
    {
        _process = process;
        _capture = capture;
        BaseAddress = baseAddress;
        LogFile = logFile;
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What it wrote to its standard output and standard error.</summary>
    public string LogFile { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentBytes => Fresh().WorkingSet64;

    /// <summary>Processor time used so far.</summary>
    public double CpuSeconds => Fresh().TotalProcessorTime.TotalSeconds;

    /// <summary>Starts a controller and waits until it answers <c>GET /</c> with 200.</summary>
    /// <param name="program">The binary; a <c>.dll</c> is run by <c>dotnet</c>.</param>
    /// <param name="logFile">Where its output goes; appended to, since a killed controller is often started again.</param>
    /// <param name="port">The port on 127.0.0.1; 0 takes a free one.</param>
    /// <param name="patience">How long to wait for the first answer; 60 s without it.</param>
    public static async Task<ControllerProcess> StartAsync(
        string program,
        string logFile,
        CancellationToken cancellationToken,
        IEnumerable<string>? arguments = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        int port = 0,
        TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        var isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        var address = new Uri($"http://127.0.0.1:{(port == 0 ? FreePort() : port).ToString(CultureInfo.InvariantCulture)}");
        string[] all =
        [
            .. isAssembly ? [program] : Array.Empty<string>(),
            "--urls", address.GetLeftPart(UriPartial.Authority),
            .. arguments ?? [],
        ];
        var process = new Process { StartInfo = Shell.StartInfo(isAssembly ? "dotnet" : program, all, environment) };
        try
        {
            process.Start();
        }
        catch
        {
            process.Dispose();
            throw;
        }

        process.StandardInput.Close();
        var controller = new ControllerProcess(process, CaptureAsync(process, logFile), address, logFile);
        try
        {
            await controller.WaitForFirstAnswerAsync(patience ?? TimeSpan.FromSeconds(60), cancellationToken);
            return controller;
        }
        catch
        {
            await controller.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it at once, as a crash would (SIGKILL). What it started lives on.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    /// <summary>Waits until it has ended and its output is on file; returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _capture.WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end (SIGTERM) and waits until it has; returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            // An error means that it ended just now.
            await Shell.RunAsync(
                "kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        }

        return await WaitForExitAsync(cancellationToken);
    }

    /// <summary>Kills it, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task CaptureAsync(Process process, string logFile)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        var log = TextWriter.Synchronized(new StreamWriter(logFile, options) { AutoFlush = true });
        await using (log)
        {
            await Task.WhenAll(
                CopyLinesAsync(process.StandardOutput, log), CopyLinesAsync(process.StandardError, log));
        }
    }

    private static async Task CopyLinesAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync(CancellationToken.None) is { } line)
        {
            await to.WriteLineAsync(line);
        }
    }

    private async Task WaitForFirstAnswerAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new EarlyDeaths()) { BaseAddress = BaseAddress };
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (true)
            {
                if (HasExited)
                {
                    throw new InvalidOperationException(
                        $"the controller ended ({await WaitForExitAsync(either.Token)}) before it answered; see {LogFile}");
                }

                if (Listens() && await AnswersAsync(client, either.Token))
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, either.Token);
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"the controller did not answer on {BaseAddress} within {patience}; see {LogFile}", late);
        }
    }

    // Refused connections are thrown, and throwing takes the processors that a starting controller needs.
    private bool Listens() => Array.Exists(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), end => end.Port == BaseAddress.Port);

    private static async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Fresh()
    {
        _process.Refresh();
        return _process;
    }
}
