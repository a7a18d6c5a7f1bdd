using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>A lab with one guest that outlives many controllers, which all work on the same records.</summary>
internal sealed class MatrixLab : IAsyncDisposable
{
    private readonly LabGuestOptions _options;
    private readonly string _name;
    private readonly string[] _settings;
    private LabController? _controller;
    private int _records;

    private MatrixLab(LabCluster lab, string name, LabGuestOptions options, string[] settings, LabGuest guest) =>
        (Lab, _name, _options, _settings, Guest, Host) = (lab, name, options, settings, guest, lab.HostA);

    /// <summary>The two hypervisors.</summary>
    public LabCluster Lab { get; }

    /// <summary>The guest.</summary>
    public LabGuest Guest { get; private set; }

    /// <summary>Where the guest was seen last.</summary>
    public LabHost Host { get; private set; }

    /// <summary>The host that the guest was not seen on.</summary>
    public LabHost Other => Lab.Hosts.Single(other => other != Host);

    /// <summary>The controller that runs now.</summary>
    public LabController Controller => _controller ?? throw new InvalidOperationException("No controller runs.");

    /// <summary>The folder of the records.</summary>
    public string StateFolder => Path.Combine(Lab.Description.Folder, Records);

    private string Records => $"records-{_name}-{_records}";

    /// <summary>Starts a guest in a lab that is up.</summary>
    /// <param name="settings">Settings of all controllers, <c>--Name=VALUE</c>.</param>
    public static async Task<MatrixLab> StartAsync(
        LabCluster lab, string guest, LabGuestOptions options, CancellationToken ct, params string[] settings) =>
        new(lab, guest, options, settings, await LabGuest.StartAsync(lab, guest, ct, options));

    /// <summary>Starts a controller and waits until it answers.</summary>
    public async Task StartControllerAsync(IReadOnlyDictionary<string, string?>? environment, CancellationToken ct) =>
        _controller = await LabController.StartAsync(Lab, Bench.Program, Records, ct, settings: _settings, environment: environment);

    /// <summary>Waits until the controller has heard of both hosts itself and knows the guest at rest.</summary>
    public async Task SettleAsync(DateTime started, CancellationToken ct)
    {
        await Wait.UntilAsync(
            () => MigrationRow.HaveAnsweredAsync(StateFolder, Lab.Hosts.Count, started, ct),
            TimeSpan.FromSeconds(60),
            $"the controller did not reach both hosts; see {Controller.Process.LogFile}",
            ct);
        await Wait.UntilAsync(
            async () => (await Controller.Nova.FindServerAsync(Guest.Uuid, ct))?.RestsOn(Host.Name) == true,
            TimeSpan.FromSeconds(60),
            $"the API does not show {Guest.Name} on {Host.Name}; see {Controller.Process.LogFile}",
            ct);
    }

    /// <summary>Starts a controller and settles it.</summary>
    public async Task StartSettledAsync(IReadOnlyDictionary<string, string?>? environment, CancellationToken ct)
    {
        var started = TimeProvider.System.GetUtcNow().UtcDateTime;
        await StartControllerAsync(environment, ct);
        await SettleAsync(started, ct);
    }

    /// <summary>Ends the controller as one that is told to.</summary>
    public async Task StopControllerAsync(CancellationToken ct)
    {
        if (_controller is { } running)
        {
            await running.Process.StopAsync(ct);
            await running.DisposeAsync();
            _controller = null;
        }
    }

    /// <summary>Ends the controller by SIGKILL, unless it has ended already.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> KillControllerAsync(CancellationToken ct)
    {
        Controller.Process.Kill();
        var code = await Controller.Process.WaitForExitAsync(ct);
        await Controller.DisposeAsync();
        _controller = null;
        return code;
    }

    /// <summary>Ends the controller, whatever it is doing.</summary>
    public async Task EndControllerAsync()
    {
        if (_controller is { } running)
        {
            await running.DisposeAsync();
            _controller = null;
        }
    }

    /// <summary>The guest has been seen there.</summary>
    public void NoteHost(LabHost host) => Host = host;

    /// <summary>Begins anew, with a new guest and new records, after something went wrong.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        await EndControllerAsync();
        await Lab.MendAsync(ct);
        await Guest.StopAsync(ct);
        foreach (var file in Lab.Hosts.SelectMany(host => Directory.EnumerateFiles(host.LocalDir)).Concat(Directory.EnumerateFiles(Lab.Description.SharedDir)))
        {
            var name = Path.GetFileName(file);
            if (name.Contains(Guest.Name, StringComparison.Ordinal) || name.Contains(".livemigration-", StringComparison.Ordinal))
            {
                File.Delete(file);
            }
        }

        _records++;
        Guest = await LabGuest.StartAsync(Lab, Guest.Name, ct, _options);
        Host = Lab.HostA;
    }

    /// <summary>Ends the controller and the guest; the lab stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndControllerAsync();
        await Guest.StopAsync(CancellationToken.None);
    }
}
