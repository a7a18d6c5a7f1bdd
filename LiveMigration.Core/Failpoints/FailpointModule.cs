using System.Diagnostics;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace LiveMigration.Core.Failpoints;

/// <summary>Puts failpoints around the journals and the ports. Without a plan nothing is put anywhere.</summary>
public static class FailpointModule
{
    /// <summary>Wraps what is registered by now; to be called last.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="plan">What is to happen; null in every program that is not benched.</param>
    /// <param name="die">How the process ends itself; by SIGKILL if null.</param>
    public static IServiceCollection AddFailpoints(this IServiceCollection services, FailpointPlan? plan, Action? die = null) => plan is null
        ? services
        : services
            .AddSingleton(provider => new FailpointTrack(plan, die ?? KillSelf, provider.GetRequiredService<TimeProvider>()))
            .WrapJournal<LiveMigrationState>("journal")
            .WrapJournal<BuildInstanceState>("build-journal")
            .WrapPort<IComputeDriver>("driver")
            .WrapPort<IDiskImages>("images")
            .WrapPort<IHostBindings>("bindings")
            .WrapPort<IGuestBuilder>("builder")
            .WrapPort<IGuestPower>("power")
            .WrapPort<INetworkService>("networks")
            .WrapPort<IVolumeService>("volumes");

    private static void KillSelf()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private static IServiceCollection WrapJournal<TState>(this IServiceCollection services, string name)
        where TState : class => services.Wrap<ISagaJournal<TState>>((real, track) => new FailpointJournal<TState>(real, name, track));

    private static IServiceCollection WrapPort<TPort>(this IServiceCollection services, string name)
        where TPort : class => services.Wrap<TPort>((real, track) => FailpointPort<TPort>.Of(real, name, track));

    private static IServiceCollection Wrap<T>(this IServiceCollection services, Func<T, FailpointTrack, T> wrap)
        where T : class
    {
        var registered = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(registered);
        services.Add(new ServiceDescriptor(
            typeof(T), provider => wrap(Make<T>(registered, provider), provider.GetRequiredService<FailpointTrack>()), registered.Lifetime));
        return services;
    }

    private static T Make<T>(ServiceDescriptor registered, IServiceProvider provider) => (T)(
        registered.ImplementationInstance
        ?? registered.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));
}
