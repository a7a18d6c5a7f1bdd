using System.Diagnostics;
using System.Globalization;

namespace LiveMigration.Simulation;

/// <summary>Shares seeds among as many processes as there are processors, and sums up.</summary>
internal static class Simulate
{
    private static readonly Lock Gate = new();
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <summary>As many migrations of one process take it a quarter of an hour.</summary>
    private const long LongRun = 50_000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (migrations, seed, processes) = (1_000L, 1L, (long)Environment.ProcessorCount);
        var untilViolation = arguments.Contains("--until-violation");
        arguments = [.. arguments.Where(argument => argument is not "--until-violation")];
        for (var at = 0; at < arguments.Length; at += 2)
        {
            var value = at + 1 < arguments.Length ? Program.Number(arguments[at + 1]) : throw new UsageException($"{arguments[at]} needs a number");
            switch (arguments[at])
            {
                case "--migrations": migrations = value; break;
                case "--seed": seed = value; break;
                case "--processes": processes = Math.Clamp(value, 1, 256); break;
                default: throw new UsageException($"unknown option '{arguments[at]}'; see --help");
            }
        }

        var began = TimeProvider.System.GetTimestamp();
        var total = new Total(untilViolation);
        await Task.WhenAll(Enumerable.Range(0, (int)processes).Select(number =>
            WorkAsync(seed + number, (int)processes, (migrations + processes - 1) / processes, total)));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        foreach (var failed in total.Failed.Order())
        {
            Console.WriteLine($"to replay: bench/simulate --replay {failed}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"migrations={total.Migrations} violations={total.Violations} per_second={total.Migrations / seconds:F0} histories={total.Histories} last_seed={total.LastSeed}"));
        return total.Violations == 0 && total.Broken == 0 ? 0 : 1;
    }

    private static async Task WorkAsync(long seed, int step, long migrations, Total total)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Simulate).Assembly.Location);
        }

        foreach (var argument in (string[])["worker", $"{seed}", $"{step}", $"{migrations}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[OneThread.Variable] = "1";
        if (migrations >= LongRun)
        {
            // Counting what is called how often, and compiling it again by that, pays after some minutes: a third faster then.
            start.Environment["DOTNET_TC_QuickJit"] = "1";
        }

        using var worker = Process.Start(start)!;
        while (await worker.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (Gate)
            {
                total.Take(line);
            }

            if (total.IsEnough)
            {
                worker.Kill();
                return;
            }
        }

        await worker.WaitForExitAsync();
        if (worker.ExitCode != 0)
        {
            Console.WriteLine($"a worker ended with {worker.ExitCode}");
            Interlocked.Increment(ref total.Broken);
        }
    }

    private sealed class Total(bool untilViolation)
    {
        public int Broken;
        private long _toldAt = TimeProvider.System.GetTimestamp();

        public long Migrations { get; private set; }

        public long Violations { get; private set; }

        public long Histories { get; private set; }

        public long LastSeed { get; private set; }

        public List<long> Failed { get; } = [];

        /// <summary>True once there is a violation with its text, and no more were asked for.</summary>
        public bool IsEnough { get; private set; }

        public void Take(string line)
        {
            if (line.StartsWith(' '))
            {
                Console.WriteLine(line);
                IsEnough = untilViolation;
                return;
            }

            var numbers = line.Split(' ').Take(3).Select(Program.Number).ToList();
            (Migrations, Violations, Histories) = (Migrations + numbers[1], Violations + numbers[2], Histories + 1);
            LastSeed = Math.Max(LastSeed, numbers[0]);
            if (numbers[2] > 0)
            {
                Failed.Add(numbers[0]);
                Console.WriteLine($"seed {numbers[0]}:");
            }

            if (TimeProvider.System.GetElapsedTime(_toldAt) > TellEvery)
            {
                _toldAt = TimeProvider.System.GetTimestamp();
                Console.WriteLine($"{Migrations} migrations, {Violations} violations");
            }
        }
    }
}
