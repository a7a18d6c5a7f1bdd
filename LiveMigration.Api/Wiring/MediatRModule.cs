using System.Reflection;
using MediatR;

namespace LiveMigration.Api.Wiring;

/// <summary>MediatR 5.1.0 registers nothing by itself; this does, until Core's module of the same name takes over.</summary>
internal static class MediatRModule
{
    /// <summary>Adds the mediator and every request handler of these assemblies.</summary>
    public static IServiceCollection AddMediatR(this IServiceCollection services, params Assembly[] assemblies)
    {
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        var handlers =
            from assembly in assemblies
            from type in assembly.GetTypes()
            where type is { IsAbstract: false, IsInterface: false, IsGenericTypeDefinition: false }
            from contract in type.GetInterfaces()
            where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
            select (contract, type);
        foreach (var (contract, type) in handlers)
        {
            services.AddTransient(contract, type);
        }

        return services;
    }
}
