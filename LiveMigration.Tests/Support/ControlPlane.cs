using LiveMigration.Core;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Failpoints;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Model;
using LiveMigration.Core.Notifications;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Seals;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Support;

/// <summary>
/// The whole controller but its face: real handlers, real saga, real SQLite, over a simulated cloud in virtual time, which
/// passes only while a test waits. It can be killed and started again; the cloud and the file outlive it.
/// </summary>
internal sealed partial class ControlPlane : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("livemigration-test-").FullName;
    private readonly LiveMigrationSettings _settings;
    private readonly NotificationSettings _notifications;
    private readonly IReadOnlyList<INotificationSink> _sinks;
    private readonly FailpointPlan? _failpoints;
    private ServiceProvider? _services;
    private StateStore? _store;
    private CancellationTokenSource _life = new();
    private TestQueue _queue = new();
    private int _requests;

    private ControlPlane(
        SimulatedCloudOptions cloud,
        LiveMigrationSettings settings,
        NotificationSettings notifications,
        IReadOnlyList<INotificationSink> sinks,
        FailpointPlan? failpoints)
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Cloud = new SimulatedCloud(cloud, Time);
        (_settings, _notifications, _sinks, _failpoints) = (settings, notifications, sinks, failpoints);
    }

    public FakeTimeProvider Time { get; }

    public SimulatedCloud Cloud { get; }

    public string StateFile => Path.Combine(_folder, "state.db");

    /// <summary>The disk that its state file is on.</summary>
    public StateOutage Outage { get; } = new();

    /// <summary>What it has asked of its state file.</summary>
    public StatementLog Statements { get; } = new();

    /// <summary>How far the controller process has come, and whether it still lives.</summary>
    public Fate Fate { get; private set; } = new(null);

    public static async Task<ControlPlane> StartAsync(
        SimulatedCloudOptions cloud,
        LiveMigrationSettings? settings = null,
        Death? death = null,
        NotificationSettings? notifications = null,
        FailpointPlan? failpoints = null,
        params INotificationSink[] sinks)
    {
        var plane = new ControlPlane(
            cloud, settings ?? new LiveMigrationSettings(), notifications ?? new NotificationSettings(), sinks, failpoints);
        await plane.BootAsync(death);
        await plane.UntilAsync(
            db => db.Instances.CountAsync(), count => count >= cloud.Guests.Count, "every guest is adopted");
        return plane;
    }

    /// <summary>The process dies: whatever was under way in it is gone, nothing is given back.</summary>
    public async Task KillAsync()
    {
        Fate.Dead = true;
        _queue.Kill();
        await _life.CancelAsync();
        await _queue.QuietAsync();
        _store!.Dispose();
        await _services!.DisposeAsync();
    }

    public Task BootAgainAsync() => BootAsync(death: null);

    public async Task<int> MigrateAsync(Guid guest, string? host = null, bool wait = false, bool scheduled = true, BlockMigration block = BlockMigration.Auto, bool? overCommit = null, TransferOverrides? options = null)
    {
        var request = new StartLiveMigration.Request(guest, host, scheduled, block, overCommit, wait, Caller(), options);
        return (await WaitAsync(SendAsync(request))).MigrationId;
    }

    /// <summary>Asks for a move, and stops the clock of its transfer when the memory is copied.</summary>
    public async Task<int> HoldInMidCopyAsync(Guid guest)
    {
        Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await MigrateAsync(guest);
        await UntilAsync(() => Cloud.IsHeldAt(TransferPhase.MemoryCopy, guest), "the memory is copied");
        return id;
    }

    /// <summary>Asks for a power action.</summary>
    public Task<RequestPowerAction.Response> PowerAsync(Guid guest, PowerAction action, bool asAdmin = true) =>
        WaitAsync(SendAsync(new RequestPowerAction.Request(guest, action, Caller() with { IsAdmin = asAdmin })));

    /// <summary>An operator says what an instance is.</summary>
    public Task ResetStateAsync(Guid guest, bool error) => WaitAsync(SendAsync(new ResetState.Request(guest, error, Caller())));

    /// <summary>Lets time pass until nothing is being done to an instance.</summary>
    public Task<Instance> InstanceShouldSettleAsync(Guid guest) => UntilAsync(
        db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == guest), row => row.TaskState is null, $"{guest} is free");

    /// <summary>A network service tells of an interface.</summary>
    public Task<HearVifPlugged.Response> TellAsync(Guid guest, string tag, bool plugged) =>
        WaitAsync(SendAsync(new HearVifPlugged.Request(guest, tag, plugged)));

    public Task AbortAsync(Guid guest, int migration) =>
        WaitAsync(SendAsync(new AbortLiveMigration.Request(guest, $"{migration}", AlsoQueued: true, Caller())));

    public Task ForceCompleteAsync(Guid guest, int migration) =>
        WaitAsync(SendAsync(new ForceCompleteLiveMigration.Request(guest, $"{migration}", Caller())));

    public Task<Migration> MigrationShouldReachAsync(int id, MigrationStatus status) => UntilAsync(
        db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id),
        migration => migration.Status == status,
        $"migration {id} reaches {status}");

    public Task<Migration> MigrationShouldEndAsync(int id) => UntilAsync(
        db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id),
        migration => migration.Status.IsTerminal() && migration.LeaseOwner is null,
        $"migration {id} ends");

    public Task<Instance> InstanceAsync(Guid guest) => ReadAsync(db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == guest));

    public async Task<T> ReadAsync<T>(Func<ControlPlaneDbContext, Task<T>> read)
    {
        await using var db = await _services!.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>The same while no controller runs.</summary>
    public async Task<T> ReadClosedAsync<T>(Func<ControlPlaneDbContext, Task<T>> read)
    {
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, StateFile);
        await using var db = new ControlPlaneDbContext(options.Options);
        return await read(db);
    }

    /// <summary>Whether the controller has such a part.</summary>
    public bool Knows<T>() => _services!.GetService(typeof(T)) is not null;

    /// <summary>Lets time pass until what is read is as wanted.</summary>
    public async Task<T> UntilAsync<T>(Func<ControlPlaneDbContext, Task<T>> read, Func<T, bool> wanted, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await ReadAsync(read);
            if (wanted(seen))
            {
                return seen;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                Assert.Fail($"never: {what}. Last seen: {await DescribeAsync(seen)}");
            }

            await PassAsync();
        }
    }

    public async Task UntilAsync(Func<bool> wanted, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!wanted())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                Assert.Fail($"never: {what}");
            }

            await PassAsync();
        }
    }

    /// <summary>Lets time pass.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var end = Time.GetUtcNow() + time;
        while (Time.GetUtcNow() < end)
        {
            await PassAsync();
        }
    }

    /// <summary>What every history must leave: the guest once, where the record says, and nothing of the migration.</summary>
    public async Task ShouldBeTidyAsync(Guid guest)
    {
        Assert.Empty(Cloud.Audit());
        var instance = await InstanceAsync(guest);
        Assert.Null(instance.TaskState);
        Assert.Empty(await ReadAsync(db => db.Claims.ToListAsync()));
        Assert.Empty(await ReadAsync(db => db.DiskClaims.ToListAsync()));
        Assert.Empty(await ReadAsync(db => db.ProbedFolders.ToListAsync()));
        foreach (var host in Cloud.Hosts)
        {
            foreach (var folder in Cluster.Folders)
            {
                Assert.DoesNotContain(Cloud.FilesOn(host, folder), file => file.StartsWith(".livemigration-", StringComparison.Ordinal));
            }

            var seen = await WaitAsync(new SimulatedDriver(Cloud).FindGuestAsync(host, guest, CancellationToken.None));
            Assert.Equal(host == instance.Host, seen is not null);
            Assert.Null(seen?.Mark);
            Assert.DoesNotContain(Cloud.ImagesOn(host), path => path.Contains(".livemigration-", StringComparison.Ordinal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_ownsCloud)
        {
            Cloud.Dispose();
        }

        _life.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Awaits work that needs time to pass.</summary>
    public async Task<T> WaitAsync<T>(Task<T> work)
    {
        await UntilAsync(() => work.IsCompleted, "a request is answered");
        return await work;
    }

    private async Task BootAsync(Death? death)
    {
        var fate = Fate = new Fate(death);
        _life = new CancellationTokenSource();
        _queue = new TestQueue();
        var path = StateFile;
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IIdSource, RandomIdSource>()
            .AddSingleton<IComputeDriver>(new SimulatedDriver(Cloud))
            .AddSingleton<IHostBindings>(new SimulatedBindings(Cloud))
            .AddSingleton<IDiskImages>(new SimulatedDiskImages(Cloud))
            .AddSingleton<INetworkService>(new SimulatedNetworkService(Cloud))
            .AddSingleton<IVolumeService>(new SimulatedVolumes(Cloud))
            .AddSingleton<IGuestPower>(new SimulatedGuestPower(Cloud))
            .AddSingleton<IGuestBuilder>(new SimulatedGuestBuilder(Cloud))
            .AddSingleton<IHostSeals>(new SimulatedHostSeals(Cloud))
            .AddSingleton(Home with { LossFile = LossFile })
            .AddSingleton(TakeOver)
            .AddSingleton(Servers)
            .AddSingleton<IMigrationQueue>(_queue)
            .AddSingleton<IPowerQueue>(_queue)
            .AddSingleton<IInstanceQueue>(_queue)
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddStateStore(path)
            .ConfigureDbContext<ControlPlaneDbContext>(options => options.AddInterceptors(Outage, Statements))
            .AddMediatR(typeof(CoreModule).Assembly)
            .AddCore(_settings, new AdoptionDefaults("project", "tester"), new PowerSettings { ShutdownTimeoutSeconds = 6, SoftRebootTimeoutSeconds = 8 })
            .AddTransient<EfSagaJournal>()
            .AddTransient<ISagaJournal<LiveMigrationState>>(provider => new DeadlyJournal<LiveMigrationState>(provider.GetRequiredService<EfSagaJournal>(), fate))
            .AddTransient<EfBuildJournal>()
            .AddTransient<ISagaJournal<BuildInstanceState>>(provider => new DeadlyJournal<BuildInstanceState>(provider.GetRequiredService<EfBuildJournal>(), fate))
            .GuardHosts()
            .AddFailpoints(_failpoints);
        foreach (var sink in _sinks)
        {
            services.AddSingleton(sink);
        }

        _services = (_sinks.Count > 0 ? services.AddNotifications(_notifications) : services).BuildServiceProvider();
        _store = await StateStore.OpenAsync(path, CancellationToken.None);
        _queue.Start(_services.GetRequiredService<IMediator>(), _life.Token);
        _queue.Track(_services.GetRequiredService<HostInventory>().RunAsync(_life.Token));
        _queue.Track(RecoverAsync(_life.Token));
        if (_sinks.Count > 0)
        {
            _queue.Track(_services.GetRequiredService<NotificationDispatcher>().RunAsync(_life.Token));
        }
    }

    private async Task RecoverAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await TakeUpAsync(ct);
            }
            catch (Exception exception) when (SqliteFaults.Explain(exception) is not null)
            {
                // Asked again in a second, as the program does.
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Time, ct);
        }
    }

    private async Task TakeUpAsync(CancellationToken ct)
    {
        var found = await _services!.GetRequiredService<IMediator>().Send(new FindUnfinishedMigrations.Request(), ct);
        foreach (var id in found.MigrationIds)
        {
            _queue.Enqueue(id);
        }

        foreach (var id in (await _services!.GetRequiredService<IMediator>().Send(new FindPowerTasks.Request(), ct)).TaskIds)
        {
            ((IPowerQueue)_queue).Enqueue(id);
        }

        var halfway = await _services!.GetRequiredService<IMediator>().Send(new FindUnfinishedServers.Request(), ct);
        foreach (var build in halfway.Builds)
        {
            _queue.EnqueueBuild(build);
        }

        foreach (var instance in halfway.Deletions)
        {
            _queue.EnqueueDeletion(instance);
        }
    }

    private Task<T> SendAsync<T>(IRequest<T> request) => _services!.GetRequiredService<IMediator>().Send(request, CancellationToken.None);

    private Caller Caller() => new($"req-{Interlocked.Increment(ref _requests):D4}", "tester", "project", IsAdmin: true);

    private async Task PassAsync()
    {
        Time.Advance(Tick);
        // Real work (SQLite) goes on beside the virtual clock: let it come as far as it can before more time passes.
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
    }

    private async Task<string> DescribeAsync<T>(T seen)
    {
        var journal = await ReadAsync(db => db.Journal.OrderBy(line => line.Id).Select(line => $"{line.Step}:{line.Kind}({line.Reason})").ToListAsync());
        return seen is Migration migration
            ? $"{migration.Status}, {migration.Reason}; journal {string.Join(" ", journal)}"
            : $"{seen}";
    }
}
