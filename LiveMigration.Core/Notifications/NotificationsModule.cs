using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Abort = LiveMigration.Core.Conductor.AbortLiveMigration;
using Force = LiveMigration.Core.Conductor.ForceCompleteLiveMigration;
using Select = LiveMigration.Core.Scheduler.SelectDestinations;

namespace LiveMigration.Core.Notifications;

/// <summary>Registers notifications. Where this is not called, nothing of them runs and nothing is written.</summary>
public static class NotificationsModule
{
    /// <summary>After <see cref="CoreModule.AddCore"/>; needs at least one <see cref="INotificationSink"/> beside it.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services, NotificationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        var journal = services.Last(service => service.ServiceType == typeof(ISagaJournal<LiveMigrationState>));
        return services
            .AddSingleton(settings)
            .AddSingleton<NotificationOutbox>()
            .AddSingleton<MigrationNotifier>()
            .AddTransient<NotificationPlan>()
            .AddTransient<UntoldEnds>()
            .AddTransient<ISagaJournal<LiveMigrationState>>(provider => new NotifyingJournal(
                Real(journal, provider), provider.GetRequiredService<NotificationPlan>(), provider.GetRequiredService<MigrationNotifier>()))
            .AddTransient<IPipelineBehavior<Select.Request, Select.Response>, NotifyingSelection>()
            .AddTransient<IPipelineBehavior<Abort.Request, Abort.Response>, NotifyingSteering<Abort.Request, Abort.Response>>()
            .AddTransient<IPipelineBehavior<Force.Request, Force.Response>, NotifyingSteering<Force.Request, Force.Response>>()
            .AddSingleton(provider => new NotificationDispatcher(
                [.. provider.GetServices<INotificationSink>()],
                provider.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>(),
                provider.GetRequiredService<NotificationOutbox>(),
                provider.GetRequiredService<UntoldEnds>(),
                settings,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NotificationDispatcher>>()));
    }

    private static ISagaJournal<LiveMigrationState> Real(ServiceDescriptor journal, IServiceProvider provider) =>
        (ISagaJournal<LiveMigrationState>)(journal.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, journal.ImplementationType!));
}
