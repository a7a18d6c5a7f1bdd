using LiveMigration.Core;
using LiveMigration.Core.Alerts;
using LiveMigration.Core.Auditing;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using LiveMigration.Core.Seals;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveMigration.Simulation;

/// <summary>
/// One life of the controller: the real handlers, saga and database, over ports that die with it. The cloud and the file
/// outlive it.
/// </summary>
internal sealed class ControllerProcess : IMigrationQueue, IPowerQueue, IInstanceQueue, IAsyncDisposable
{
    // As often as the program looks.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WishRecovery = TimeSpan.FromSeconds(5);
    private static readonly ControllerHome Home = new(new Guid(1, 0x6c6d, 0, new byte[8]), "the simulation");
    private readonly CancellationTokenSource _life = new();
    private readonly VirtualTime _time;
    private readonly ServiceProvider _services;
    private readonly HashSet<object> _underWay = [];
    private StateStore? _store;
    private bool _disposed;

    private ControllerProcess(ServiceProvider services, VirtualTime time, Fate fate) => (_services, _time, Fate) = (services, time, fate);

    public Fate Fate { get; }

    /// <summary>What went wrong in it that it did not expect; none when all is well.</summary>
    public List<string> Surprises { get; } = [];

    public static async Task<ControllerProcess> StartAsync(
        SimulatedCloud cloud, string file, LiveMigrationSettings settings, VirtualTime time, IIdSource ids, Fate fate, StateDisk disk)
    {
        ControllerProcess? process = null;
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(ids)
            .AddSingleton(MortalPort<IComputeDriver>.Of(new SimulatedDriver(cloud), fate))
            .AddSingleton(MortalPort<IHostBindings>.Of(new SimulatedBindings(cloud), fate))
            .AddSingleton(MortalPort<IDiskImages>.Of(new SimulatedDiskImages(cloud), fate))
            .AddSingleton(MortalPort<INetworkService>.Of(new SimulatedNetworkService(cloud), fate))
            .AddSingleton(MortalPort<IVolumeService>.Of(new SimulatedVolumes(cloud), fate))
            .AddSingleton(MortalPort<IGuestPower>.Of(new SimulatedGuestPower(cloud), fate))
            .AddSingleton(MortalPort<IGuestBuilder>.Of(new SimulatedGuestBuilder(cloud), fate))
            .AddSingleton(MortalPort<IHostSeals>.Of(new SimulatedHostSeals(cloud), fate))
            .AddSingleton(Home)
            .AddSingleton(new ServerSettings("/srv/images", "/srv/local", []))
            .AddSingleton<IMigrationQueue>(_ => process!)
            .AddSingleton<IPowerQueue>(_ => process!)
            .AddSingleton<IInstanceQueue>(_ => process!)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPooledDbContextFactory<ControlPlaneDbContext>(options =>
            {
                PersistenceModule.Configure(options, file);
                options.AddInterceptors(new MortalCommands(fate, disk), new MortalTransactions(fate, disk));
            })
            .AddMediatR(typeof(CoreModule).Assembly)
            .AddCore(settings, new AdoptionDefaults("project", "operator"))
            .GuardHosts()
            .BuildServiceProvider();
        process = new ControllerProcess(services, time, fate);
        await process.OpenAsync(file);
        return process;
    }

    void IPowerQueue.Enqueue(int powerTaskId) => BeginOnce(powerTaskId, () => SendAsync(new RunPowerTask.Request(powerTaskId)));

    public void EnqueueBuild(int build) => Begin(() => SendAsync(new RunBuild.Request(build)));

    public void EnqueueDeletion(Guid instance) => BeginOnce(instance, () => SendAsync(new RunDeletion.Request(instance)));

    public void Enqueue(int migrationId) => Begin(() => _services.GetRequiredService<IMediator>().Send(new RunMigration.Request(migrationId), _life.Token));

    /// <summary>Asks it for something, as a client would.</summary>
    public Task<T> SendAsync<T>(IRequest<T> request) => _services.GetRequiredService<IMediator>().Send(request, _life.Token);

    /// <summary>What its auditor finds wrong now, one sentence each.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        await _services.GetRequiredService<Auditor>().SweepAsync(_life.Token);
        return [.. _services.GetRequiredService<AlertBook>().List().Select(alert => $"{alert.Finding.Kind}: {alert.Finding.Text}")];
    }

    /// <summary>Its process is gone; nothing is given back that the system would not take back.</summary>
    public async ValueTask DisposeAsync()
    {
        // The container disposes of it too, under the names of its queues.
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!Fate.Dead)
        {
            Fate.Kill("at rest");
        }

        await _life.CancelAsync();
        await OneThread.SettleAsync();
        _store?.Dispose();
        await _services.DisposeAsync();
        _life.Dispose();
    }

    private async Task OpenAsync(string file)
    {
        _store = await StateStore.OpenAsync(file, _life.Token);
        Begin(() => _services.GetRequiredService<HostInventory>().RunAsync(_life.Token));
        Begin(RecoverAsync);
        Begin(RecoverWishesAsync);
    }

    private async Task RecoverAsync()
    {
        while (true)
        {
            await PassAsync(async () =>
            {
                var found = await SendAsync(new FindUnfinishedMigrations.Request());
                foreach (var id in found.MigrationIds)
                {
                    Enqueue(id);
                }
            });
            await Task.Delay(Recovery, _time, _life.Token);
        }
    }

    private async Task RecoverWishesAsync()
    {
        while (true)
        {
            await PassAsync(async () =>
            {
                foreach (var instance in (await SendAsync(new FindUnfinishedServers.Request())).Deletions)
                {
                    EnqueueDeletion(instance);
                }
            });
            await PassAsync(async () =>
            {
                foreach (var task in (await SendAsync(new FindPowerTasks.Request())).TaskIds)
                {
                    ((IPowerQueue)this).Enqueue(task);
                }
            });
            await Task.Delay(WishRecovery, _time, _life.Token);
        }
    }

    /// <summary>As the program's passes do: one that can't use the state file is made again the next time.</summary>
    private static async Task PassAsync(Func<Task> pass)
    {
        try
        {
            await pass();
        }
        catch (Exception exception) when (SqliteFaults.Explain(exception) is not null)
        {
            // The program says so in its log.
        }
    }

    /// <summary>As the program's queues do: what waits or is worked at is not begun a second time.</summary>
    private void BeginOnce(object what, Func<Task> work)
    {
        if (_underWay.Add(what))
        {
            Begin(async () =>
            {
                try
                {
                    await work();
                }
                finally
                {
                    _underWay.Remove(what);
                }
            });
        }
    }

    /// <summary>Work of which nobody waits for the end; what goes wrong in it is noted.</summary>
    private void Begin(Func<Task> work) => _ = WatchAsync(work);

    private async Task WatchAsync(Func<Task> work)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            // A job that can't use the state file ends, and the next pass takes up what it was to do.
            if (!Fate.Dead && exception is not Killed && SqliteFaults.Explain(exception) is null)
            {
                Surprises.Add(exception.ToString());
            }
        }
    }
}
