using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>A lab with a controller, for the time of one command. Everything is taken down at its end.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private Bench(LabCluster lab, LabController controller)
    {
        Lab = lab;
        Controller = controller;
    }

    /// <summary>The published program, beside ours.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "..", "livemigration", "livemigration");

    /// <summary>The two hypervisors.</summary>
    public LabCluster Lab { get; }

    /// <summary>The controller under test.</summary>
    public LabController Controller { get; }

    /// <summary>A client of it.</summary>
    public NovaClient Nova => Controller.Nova;

    /// <summary>Brings the two hypervisors up.</summary>
    /// <param name="lab">The lab's name, unless LM_LAB says another.</param>
    public static Task<LabCluster> LabUpAsync(string lab, CancellationToken ct) => LabCluster.UpAsync(
        Environment.GetEnvironmentVariable("LM_LAB") is { Length: > 0 } asked ? asked : lab, ct, Environment.GetEnvironmentVariable("LM_LAB_DIR"));

    /// <summary>Brings all of it up.</summary>
    /// <param name="lab">The lab's name, unless LM_LAB says another.</param>
    /// <param name="port">The controller's port; 0 takes a free one.</param>
    public static async Task<Bench> UpAsync(string lab, CancellationToken ct, int port = 0)
    {
        var cluster = await LabUpAsync(lab, ct);
        try
        {
            return new Bench(cluster, await LabController.StartAsync(cluster, Program, "controller", ct, port));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a guest, or finds it running, and waits until the API knows it.</summary>
    public async Task<(LabGuest Guest, LabHost Host)> StartGuestAsync(string name, CancellationToken ct, LabGuestOptions? options = null)
    {
        var guest = await LabGuest.StartAsync(Lab, name, ct, options);
        var host = (await guest.WhereAsync(ct)).Single().Host;
        await Wait.UntilAsync(
            async () => (await Nova.FindServerAsync(guest.Uuid, ct))?.RestsOn(host.Name) == true,
            TimeSpan.FromSeconds(60),
            $"the API does not show {name} on {host.Name}; see {Controller.Process.LogFile}",
            ct);
        return (guest, host);
    }

    /// <summary>The host that this one is not.</summary>
    public LabHost Other(LabHost host) => Lab.Hosts.Single(other => other != host);

    /// <summary>Whether the guest runs there and is known nowhere else; both hosts are asked.</summary>
    public static async Task<bool> RunsOnlyOnAsync(LabGuest guest, LabHost host, CancellationToken ct) =>
        await guest.WhereAsync(ct) is [{ State: "running" } place] && place.Host == host;

    /// <summary>Stops the controller and takes the lab down.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Controller.Process.StopAsync(CancellationToken.None);
        }
        finally
        {
            await Controller.DisposeAsync();
            await Lab.DisposeAsync();
        }
    }
}
