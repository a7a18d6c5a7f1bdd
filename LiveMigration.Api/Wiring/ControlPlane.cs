using LiveMigration.Api.Audit;
using LiveMigration.Api.Auth;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Hosting;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Jobs;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Notifications;
using LiveMigration.Api.Servers;
using LiveMigration.Api.Settings;
using LiveMigration.Core;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Seals;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Wiring;

/// <summary>Puts the program together: which services there are, and what a request passes.</summary>
internal static class ControlPlane
{
    /// <summary>The whole program's services.</summary>
    public static void AddControlPlane(this WebApplicationBuilder builder, ApiSettings settings)
    {
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
        });
        builder.Services
            .Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(4))
            .AddSingleton(settings)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IIdSource, RandomIdSource>()
            .AddSingleton<Started>()
            .AddSingleton(settings.HostTransfers)
            .AddSingleton(settings.Servers)
            .AddSingleton<Images.ImageChecksums>()
            .AddSingleton<ServerPlaces>()
            .AddSingleton<ServerSnapshots>()
            .AddStateStore(settings.DatabasePath)
            .AddCore(settings.LiveMigration, new AdoptionDefaults(settings.ProjectId, AdminToken.User), settings.Power)
            .AddNotificationSinks(settings)
            .AddMediatR(typeof(CoreModule).Assembly, typeof(ControlPlane).Assembly)
            .AddHypervisors(settings)
            .AddSingleton(settings.Controller)
            .AddSingleton(provider => new ControllerHome(
                ControllerIdFile.ReadOrMake(Path.Combine(settings.StateFolder, "controller-id"), provider.GetRequiredService<IIdSource>()),
                $"{Environment.MachineName}:{settings.StateFolder}")
            {
                LossFile = Path.Combine(settings.StateFolder, "records-lost"),
            })
            .GuardHosts()
            .AddIdentity(settings)
            .AddOperators()
            .AddJobs(settings)
            .AddBackground<InventoryLoop>()
            .AddBackground<AuditLoop>()
            .AddApiDocument();
    }

    /// <summary>What a request passes, from the outside in.</summary>
    public static void UseControlPlane(this WebApplication app)
    {
        // Made and checked now: a file that can't be used must end the start, not the first log-in.
        app.Services.GetRequiredService<DashboardSessions>();
        app.Services.GetRequiredService<ControllerHome>();

        app.Use(app.Services.GetRequiredService<Started>().Watch);
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        app.UseMiddleware<PathMiddleware>();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<NovaGate>();
        app.UseMiddleware<ServerGate>();
        app.UseMiddleware<IdentityGate>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapSlices();
        app.MapDashboard();
        LoginPage.Map(app);
        app.MapApiDocument();
        app.MapFallback(VersionDocuments.WriteChoicesAsync).ExcludeFromDescription();
    }

    // Not AddAuthentication: that brings data protection, whose key files nothing here needs.
    private static IServiceCollection AddOperators(this IServiceCollection services) => services
        .AddSingleton<DashboardSessions>()
        .AddAuthenticationCore(options =>
        {
            options.AddScheme<OperatorAuthentication>(OperatorAuthentication.SchemeName, null);
            options.DefaultScheme = OperatorAuthentication.SchemeName;
        })
        .AddTransient<OperatorAuthentication>()
        .AddWebEncoders()
        .AddAuthorization(options => options.AddPolicy(
            OperatorAuthentication.SchemeName, policy => policy.RequireAuthenticatedUser()))
        .AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(LoginPage.Attempts, LoginPage.Partition);
        });
}
