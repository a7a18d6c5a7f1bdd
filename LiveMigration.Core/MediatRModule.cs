using System.Reflection;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace LiveMigration.Core;

/// <summary>
/// Registers MediatR 5.1.0 and the handlers of an assembly. The package that does this for MediatR can't be restored
/// without a licence key or a missing package, see docs/decisions/0003-mediatr-5.md.
/// </summary>
public static class MediatRModule
{
    /// <summary>Adds the mediator and every request handler of these assemblies.</summary>
    public static IServiceCollection AddMediatR(this IServiceCollection services, params Assembly[] assemblies)
    {
        services.AddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddTransient<IMediator, Mediator>();
        foreach (var handler in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type is { IsAbstract: false, IsInterface: false }))
        {
            foreach (var served in handler.GetInterfaces().Where(IsHandler))
            {
                services.AddTransient(served, handler);
            }
        }

        return services;
    }

    private static bool IsHandler(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRequestHandler<,>);
}
