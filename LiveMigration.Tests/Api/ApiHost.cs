using LiveMigration.Api.Hosting;
using LiveMigration.Api.Jobs;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Persistence;
using LiveMigration.Hypervisor.Simulated;
using MediatR;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>The whole program on a port and a state folder of its own, with the conductor's commands recorded.</summary>
internal sealed class ApiHost : WebApplicationFactory<ApiSettings>
{
    public const string Project = "a56effa39e9e4c548fe95f53cfd6ed28";

    private readonly SocketsHttpHandler _connections = new() { AllowAutoRedirect = false, UseCookies = false };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-test-");

    public ApiHost()
    {
        UseKestrel(0);
    }

    public RecordingConductor Conductor { get; } = new();

    public string StateFolder => Path.Combine(_folder.FullName, "state");

    public string Token => File.ReadAllText(Path.Combine(StateFolder, "admin-token")).Trim();

    public string Password => File.ReadAllText(Path.Combine(StateFolder, "dashboard-password")).Trim();

    /// <summary>Settings of this test's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True to run jobs too.</summary>
    public bool WithWorkers { get; init; }

    public static async Task<ApiHost> StartAsync(
        Func<ControlPlaneDbContext, Task>? seed = null, bool withWorkers = false, params (string Key, string Value)[] settings)
    {
        var host = new ApiHost
        {
            WithWorkers = withWorkers, Settings = settings.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
        host.StartServer();
        Hangfire.Logging.LogProvider.SetCurrentLogProvider(SilentHangfire.Instance);
        if (seed is not null)
        {
            await using var db = await host.OpenDatabaseAsync();
            await seed(db);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        return host;
    }

    public Task<ControlPlaneDbContext> OpenDatabaseAsync() =>
        Services.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    /// <summary>A client that carries the token.</summary>
    public HttpClient Operator(string? version = null)
    {
        var client = Anybody();
        client.DefaultRequestHeaders.Add("X-Auth-Token", Token);
        if (version is not null)
        {
            client.DefaultRequestHeaders.Add("OpenStack-API-Version", "compute " + version);
        }

        return client;
    }

    /// <summary>A client without a token that follows no redirects.</summary>
    public HttpClient Anybody() => new(_connections, disposeHandler: false) { BaseAddress = ClientOptions.BaseAddress };

    public override async ValueTask DisposeAsync()
    {
        _connections.Dispose();
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(AppContext.BaseDirectory);
        builder.UseSetting("State:Folder", StateFolder);
        builder.UseSetting("Auth:ProjectId", Project);
        builder.UseSetting("Urls", "http://127.0.0.1:0");
        builder.UseSetting("Logging:LogLevel:LiveMigration.Api.Audit.AuditMiddleware", "Warning");
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            Remove<InventoryLoop>(services);
            Remove<AuditLoop>(services);
            Remove<RecoverUnfinishedMigrations>(services);
            Remove<RecoverPowerTasks>(services);
            if (!WithWorkers)
            {
                RemoveWorkers(services);
            }

            services.RemoveAll<SimulatedCloud>();
            services.AddSingleton(provider => new SimulatedCloud(Scene.Cloud, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(Conductor);
            Replace<StartLiveMigration.Request, StartLiveMigration.Response>(services);
            Replace<AbortLiveMigration.Request, AbortLiveMigration.Response>(services);
            Replace<RunMigration.Request, RunMigration.Response>(services);
            Replace<ForceCompleteLiveMigration.Request, ForceCompleteLiveMigration.Response>(services);
        });
    }

    private static void Remove<T>(IServiceCollection services)
        where T : IBackgroundWork
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(Background<T>)).ToList())
        {
            services.Remove(service);
        }
    }

    private static void RemoveWorkers(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationFactory?.Method.Module.Assembly.GetName().Name?.StartsWith("Hangfire", StringComparison.Ordinal) == true).ToList())
        {
            services.Remove(service);
        }
    }

    private static void Replace<TRequest, TResponse>(IServiceCollection services)
        where TRequest : IRequest<TResponse>
    {
        services.RemoveAll<IRequestHandler<TRequest, TResponse>>();
        services.AddTransient<IRequestHandler<TRequest, TResponse>>(provider =>
            (IRequestHandler<TRequest, TResponse>)(object)new ScriptedConductor(
                provider.GetRequiredService<RecordingConductor>(), provider.GetRequiredService<ControlPlaneDbContext>()));
    }
}
