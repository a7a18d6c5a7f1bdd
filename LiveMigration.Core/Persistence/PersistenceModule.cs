using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace LiveMigration.Core.Persistence;

/// <summary>Registers the state store.</summary>
public static class PersistenceModule
{
    /// <summary>Adds the context and its factory on a SQLite file.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">Setting <c>Database:Path</c>.</param>
    public static IServiceCollection AddStateStore(this IServiceCollection services, string path) => services
        .AddSingleton<StateChanges>()
        .AddPooledDbContextFactory<ControlPlaneDbContext>((provider, options) =>
        {
            Configure(options, path);
            options.AddInterceptors(provider.GetRequiredService<StateChanges>());
        })
        .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>().CreateDbContext());

    /// <summary>The options of a context on this file; for the design-time tools and for tests too.</summary>
    public static void Configure(DbContextOptionsBuilder options, string path)
    {
        var connection = StateConnection.Text(path);
        options
            .UseSqlite(connection)
            // A test holds model and migrations together; comparing them at every start would be done twice.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .AddInterceptors(new SqlitePragmas(), new PlainConnections(connection));
    }
}
