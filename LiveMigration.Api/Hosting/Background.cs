namespace LiveMigration.Api.Hosting;

/// <summary>Runs background work once the program has started; not even what it needs, connections to hosts among it, is made before.</summary>
internal sealed class Background<TWork>(Started started, IServiceProvider services) : BackgroundService
    where TWork : IBackgroundWork
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await started.WaitAsync(stoppingToken))
        {
            return;
        }

        try
        {
            await services.GetRequiredService<TWork>().RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the program.
        }
    }
}

/// <summary>Registers background work.</summary>
internal static class BackgroundRegistration
{
    public static IServiceCollection AddBackground<TWork>(this IServiceCollection services)
        where TWork : class, IBackgroundWork =>
        services.AddSingleton<TWork>().AddHostedService<Background<TWork>>();
}
