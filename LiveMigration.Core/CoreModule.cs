using LiveMigration.Core.Inventory;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace LiveMigration.Core;

/// <summary>Registers the conductor, the scheduler, the compute module and what they share.</summary>
public static class CoreModule
{
    /// <summary>Needs a state store, an <c>IComputeDriver</c>, an <c>IMigrationQueue</c>, an <c>IIdSource</c> and a <c>TimeProvider</c> beside it.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, LiveMigrationSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<HostInventory>();
}
