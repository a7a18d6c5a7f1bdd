using System.Net.Sockets;
using System.Reflection;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Settings;
using LiveMigration.Api.Wiring;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Failpoints;
using LiveMigration.Core.Persistence;
using Microsoft.AspNetCore.Connections;

namespace LiveMigration.Api.Hosting;

/// <summary>From the command line to the running program, and the exit codes.</summary>
internal static class Startup
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(Startup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Runs the program until it is told to stop.</summary>
    /// <returns>0 ended as asked, 2 a setting is wrong, 3 the address is taken.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(SettingsTable.Help(Version));
            return 0;
        }

        if (args.Contains("--version"))
        {
            Console.WriteLine(Version);
            return 0;
        }

        try
        {
            await (args is [BackupCommand.Name, .. var rest] ? BackupCommand.RunAsync(rest) : ServeAsync(args));
            return 0;
        }
        catch (InvalidSettings wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (AddressTaken taken)
        {
            await Console.Error.WriteLineAsync(taken.Message);
            return 3;
        }
    }

    private static async Task ServeAsync(string[] args)
    {
        var configuration = SettingsSource.Read(args);
        var settings = SettingsReader.Read(configuration);
        StateFolder.Ensure(settings.StateFolder);
        var failpoints = FailpointPlan.Read(Environment.GetEnvironmentVariable);

        // The state file, the services and the routes have nothing to do with each other before the first request: side by side
        // they take less time.
        var opening = Task.Run(() => OpenStateAsync(settings));
        try
        {
            await using var app = Build(configuration, settings, failpoints);
            var preparing = Task.Run(() => PrepareIdentityAsync(app, opening));
            app.UseControlPlane();
            var note = await preparing;

            await HypervisorWiring.AnnounceAsync(app, settings, Version);
            await WarnOfFailpointsAsync(failpoints);
            if (note is not null)
            {
                await Console.Out.WriteLineAsync(note);
            }

            await ListenAsync(app, settings);
            await app.WaitForShutdownAsync(CancellationToken.None);
        }
        finally
        {
            await CloseStateAsync(opening);
        }
    }

    private static WebApplication Build(IConfiguration configuration, ApiSettings settings, FailpointPlan? failpoints)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddProgramLog();
        builder.AddControlPlane(settings);
        builder.Services.AddFailpoints(failpoints);
        return builder.Build();
    }

    // Ctrl-C ends the program at once until it listens: a new file that is half written is completed by the next start.
    private static Task<StateStore> OpenStateAsync(ApiSettings settings) => StateStore.OpenAsync(settings.DatabasePath, CancellationToken.None);

    private static async Task CloseStateAsync(Task<StateStore> opening)
    {
        await opening.ContinueWith(_ => { }, TaskScheduler.Default); // if it failed, that has been told, or something before it
        if (opening.IsCompletedSuccessfully)
        {
            (await opening).Dispose();
        }
    }

    private static async Task<string?> PrepareIdentityAsync(WebApplication app, Task<StateStore> opening)
    {
        app.CheckIdentityFiles();
        await opening;
        return await app.PrepareIdentityAsync();
    }

    private static async Task WarnOfFailpointsAsync(FailpointPlan? plan)
    {
        if (plan is not null)
        {
            var what = plan switch
            {
                { Point: null } => $"every failpoint is written to {plan.TraceFile}",
                { GateFile: { } gate } => $"it stops at {plan.Point} until {gate} exists",
                _ => $"it KILLS ITSELF at {plan.Point}",
            };
            await Console.Error.WriteLineAsync(
                $"WARNING: this controller is being benched: {what}. Unset {FailpointPlan.PointVariable} and {FailpointPlan.TraceVariable} in production.");
        }
    }

    private static async Task ListenAsync(WebApplication app, ApiSettings settings)
    {
        try
        {
            await app.StartAsync(app.Lifetime.ApplicationStopping);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new AddressTaken($"Urls is '{settings.Urls}', but that port is in use. Stop the program that listens there, or choose another: --Urls=http://127.0.0.1:8775");
        }
        catch (SocketException exception)
        {
            throw new InvalidSettings($"Urls is '{settings.Urls}', but it can't be listened on: {exception.Message}.");
        }
    }

    private sealed class AddressTaken(string message) : Exception(message);
}
