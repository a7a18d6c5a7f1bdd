using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.InMemory;
using LiveMigration.Api.Auth;
using LiveMigration.Api.Hosting;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Jobs;

/// <summary>Registers the workers and shows them: the only place beside the jobs that knows Hangfire.</summary>
internal static class HangfireSetup
{
    /// <summary>Adds the queue, its workers and the recovery pass.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, ApiSettings settings) => services
        // Both are Hangfire's own for the whole process otherwise, and a second program in it (tests have several) would work off
        // the first one's jobs, or do its own with the first one's services.
        .AddSingleton<JobStorage>(_ => new InMemoryStorage(new InMemoryStorageOptions()))
        .AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()))
        .AddHangfire(configuration => configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings())
        .AddHangfireServer(options =>
        {
            options.WorkerCount = settings.Workers;
            options.Queues = ["default"];
            options.ServerName = "livemigration";
            options.ShutdownTimeout = TimeSpan.FromSeconds(3);
            options.StopTimeout = TimeSpan.FromSeconds(2);
            options.CancellationCheckInterval = TimeSpan.FromSeconds(5);
        })
        .AddHangfireServer(options =>
        {
            options.WorkerCount = 8;
            options.Queues = [PowerJobs.QueueName];
            options.ServerName = "livemigration-power";
            options.ShutdownTimeout = TimeSpan.FromSeconds(3);
            options.StopTimeout = TimeSpan.FromSeconds(2);
            options.CancellationCheckInterval = TimeSpan.FromSeconds(5);
        })
        .AddSingleton<WaitingPowerTasks>()
        .AddSingleton<IPowerQueue, HangfirePowerQueue>()
        .AddBackground<RecoverPowerTasks>()
        .AddSingleton<WaitingMigrations>()
        .AddSingleton<IMigrationQueue, HangfireMigrationQueue>()
        .AddSingleton<WaitingServers>()
        .AddSingleton<IInstanceQueue, HangfireInstanceQueue>()
        .AddBackground<RecoverUnfinishedMigrations>();

    /// <summary>The dashboard: to look at, not to touch; requeue and delete would go around the saga.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes) => routes.MapHangfireDashboardWithAuthorizationPolicy(
        OperatorAuthentication.SchemeName,
        "/hangfire",
        new DashboardOptions
        {
            DashboardTitle = "LiveMigration",
            DisplayStorageConnectionString = false,
            DisplayNameFunc = null,
            IsReadOnlyFunc = _ => true,
            AppPath = null,
        });
}
