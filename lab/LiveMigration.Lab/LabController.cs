namespace LiveMigration.Lab;

/// <summary>A controller of the lab's two hosts, and a client of it.</summary>
public sealed class LabController : IAsyncDisposable
{
    private LabController(ControllerProcess process, NovaClient nova, string stateFolder)
    {
        Process = process;
        Nova = nova;
        StateFolder = stateFolder;
    }

    /// <summary>The running program.</summary>
    public ControllerProcess Process { get; }

    /// <summary>A client with the admin's token.</summary>
    public NovaClient Nova { get; }

    /// <summary>Where the program keeps its records; started again with the same folder, it goes on.</summary>
    public string StateFolder { get; }

    /// <summary>The file with the admin's token.</summary>
    public string TokenFile => Path.Combine(StateFolder, "admin-token");

    /// <summary>The file with the password of the dashboard's user <c>admin</c>.</summary>
    public string PasswordFile => Path.Combine(StateFolder, "dashboard-password");

    /// <summary>Starts a controller and waits until it answers. It takes the hosts over from whatever controller had them before.</summary>
    /// <param name="program">The binary; a <c>.dll</c> is run by <c>dotnet</c>.</param>
    /// <param name="name">Names its state folder and its log, below the lab's folder.</param>
    /// <param name="port">The port on 127.0.0.1; 0 takes a free one.</param>
    /// <param name="settings">Further arguments, <c>--Name=VALUE</c>.</param>
    /// <param name="environment">Variables set besides our own.</param>
    public static async Task<LabController> StartAsync(
        LabCluster lab,
        string program,
        string name,
        CancellationToken cancellationToken,
        int port = 0,
        IEnumerable<string>? settings = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var state = Path.Combine(lab.Description.Folder, name);
        var process = await ControllerProcess.StartAsync(
            program,
            state + ".log",
            cancellationToken,
            ["--config", lab.AppSettingsFile, $"--State:Folder={state}", "--Controller:TakeOverFrom=any", .. settings ?? []],
            environment,
            port);
        try
        {
            var nova = await NovaClient.OpenAsync(process.BaseAddress, Path.Combine(state, "admin-token"), cancellationToken);
            return new LabController(process, nova, state);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the program, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Nova.Dispose();
        await Process.DisposeAsync();
    }
}
