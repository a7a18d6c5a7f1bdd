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
using Homes = LiveMigration.Core.Compute.FindGuestHomes;
using Select = LiveMigration.Core.Scheduler.SelectDestinations;

namespace LiveMigration.Core.Notifications;

/// <summary>Registers notifications. Where this is not called, nothing of them runs and nothing is written.</summary>
public static class NotificationsModule
{
    /// <summary>After <see cref="CoreModule.AddCore"/>; needs at least one <see cref="INotificationSink"/> beside it.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services, NotificationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        var moves = services.Last(service => service.ServiceType == typeof(ISagaJournal<LiveMigrationState>));
        var builds = services.Last(service => service.ServiceType == typeof(ISagaJournal<BuildInstanceState>));
        return services
            .AddSingleton(settings)
            .AddSingleton<NotificationOutbox>()
            .AddSingleton<MigrationNotifier>()
            .AddSingleton<InstanceNotifier>()
            .AddSingleton<NotifyingDeletion>()
            .AddTransient<NotificationPlan>()
            .AddTransient<UntoldEnds>()
            .AddTransient<ISagaJournal<LiveMigrationState>>(provider => OfMoves(Real<LiveMigrationState>(moves, provider), provider))
            .AddTransient<ISagaJournal<BuildInstanceState>>(provider => OfBuilds(Real<BuildInstanceState>(builds, provider), provider))
            .AddTransient<IPipelineBehavior<EndBuild.Request, EndBuild.Response>, NotifyingBuildEnd>()
            .AddTransient<IPipelineBehavior<Homes.Request, Homes.Response>>(provider => provider.GetRequiredService<NotifyingDeletion>())
            .AddTransient<IPipelineBehavior<EndDeletion.Request, EndDeletion.Response>>(provider => provider.GetRequiredService<NotifyingDeletion>())
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

    private static NotifyingJournal<LiveMigrationState> OfMoves(ISagaJournal<LiveMigrationState> real, IServiceProvider provider)
    {
        var notifier = provider.GetRequiredService<MigrationNotifier>();
        return new(real, provider.GetRequiredService<NotificationPlan>().At, (run, _, due, ct) => notifier.NotifyAsync(run.Id, due, ct));
    }

    private static NotifyingJournal<BuildInstanceState> OfBuilds(ISagaJournal<BuildInstanceState> real, IServiceProvider provider)
    {
        var notifier = provider.GetRequiredService<InstanceNotifier>();
        return new(real, BuildNotificationPlan.At, (_, state, due, ct) =>
            notifier.NotifyAsync(state.Instance, InstanceNotifier.Create, due, BuildNotificationPlan.Becomes(due), ct));
    }

    private static ISagaJournal<TState> Real<TState>(ServiceDescriptor journal, IServiceProvider provider)
        where TState : class =>
        (ISagaJournal<TState>)(journal.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, journal.ImplementationType!));
}
