using LiveMigration.Core.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace LiveMigration.Core.Seals;

/// <summary>Puts the keeper between the controller and its hosts.</summary>
public static class SealsModule
{
    private const string Real = "not guarded";

    /// <summary>
    /// Guards the ports that act on hosts and have been registered so far. Last in the composition: what is registered after
    /// it reaches the hosts unasked.
    /// </summary>
    public static IServiceCollection GuardHosts(this IServiceCollection services) => services
        .Guard<IComputeDriver>((real, keeper) => new GuardedComputeDriver(real, keeper))
        .Guard<IDiskImages>((real, keeper) => new GuardedDiskImages(real, keeper))
        .Guard<IHostBindings>((real, keeper) => new GuardedBindings(real, keeper))
        .Guard<INetworkService>((real, keeper) => new GuardedNetworks(real, keeper))
        .Guard<IGuestPower>((real, keeper) => new GuardedPower(real, keeper))
        .Guard<IGuestBuilder>((real, keeper) => new GuardedBuilder(real, keeper))
        .Guard<IVolumeService>((real, keeper) => new GuardedVolumes(real, keeper));

    private static IServiceCollection Guard<TPort>(this IServiceCollection services, Func<TPort, HostKeeper, TPort> guard)
        where TPort : class
    {
        var real = services.Last(service => service.ServiceType == typeof(TPort) && !service.IsKeyedService);
        services.Remove(real);
        services.Add(Keyed<TPort>(real));
        return services.AddSingleton(provider => guard(
            provider.GetRequiredKeyedService<TPort>(Real), provider.GetRequiredService<HostKeeper>()));
    }

    private static ServiceDescriptor Keyed<TPort>(ServiceDescriptor real) => real switch
    {
        { ImplementationInstance: { } instance } => new ServiceDescriptor(typeof(TPort), Real, instance),
        { ImplementationFactory: { } factory } => new ServiceDescriptor(typeof(TPort), Real, (provider, _) => factory(provider), real.Lifetime),
        _ => new ServiceDescriptor(typeof(TPort), Real, real.ImplementationType!, real.Lifetime),
    };
}
