using System.Runtime.InteropServices;

namespace LiveMigration.Bench;

/// <summary>From the command line to the command, and the exit codes: 0 as it should be, 1 not, 2 asked wrongly, 130 told to stop.</summary>
internal static class Dispatcher
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var options = new Options(args.Skip(1));
            return args.FirstOrDefault() switch
            {
                "api" => await Load.ApiCommand.RunAsync(options, stop.Token),
                "blackout" => await BlackoutCommand.RunAsync(options, stop.Token),
                "block" => await BlockCommand.RunAsync(options, stop.Token),
                "crash-matrix" => await CrashMatrixCommand.RunAsync(options, stop.Token),
                "demo" => await DemoCommand.RunAsync(options, stop.Token),
                "fault-matrix" => await FaultMatrixCommand.RunAsync(options, stop.Token),
                "fuzz" => await Fuzz.FuzzCommand.RunAsync(options, stop.Token),
                "overhead" => await OverheadCommand.RunAsync(options, stop.Token),
                "shuttle" => await ShuttleCommand.RunAsync(options, stop.Token),
                "soak" => await SoakCommand.RunAsync(options, stop.Token),
                var other => throw new UsageException($"'{other}' is no command; there are api, blackout, block, crash-matrix, demo, fault-matrix, fuzz, overhead, shuttle and soak"),
            };
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception failed) when (failed is InvalidOperationException or TimeoutException or IOException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(failed.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
