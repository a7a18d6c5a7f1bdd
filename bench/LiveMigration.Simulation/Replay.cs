namespace LiveMigration.Simulation;

/// <summary>Plays one seed again, and finds the shortest script that still fails.</summary>
internal static class Replay
{
    public static Task<int> RunAsync(long seed)
    {
        OneThread.Claim();
        return Task.Run(() => PlayAsync(seed));
    }

    private static async Task<int> PlayAsync(long seed)
    {
        using var stage = await Stage.SetAsync();
        var script = ScriptWriter.Write(seed);
        var outcome = await stage.PlayAsync(script);
        Console.WriteLine($"seed {seed}: {outcome.Migrations} migrations, {outcome.Violations.Count} violations, {outcome.Digest}");
        if (outcome.Violations.Count == 0)
        {
            return 0;
        }

        var (shortest, left) = await Shrinker.ShrinkAsync(script, stage.PlayAsync);
        Console.WriteLine($"hosts {string.Join(", ", shortest.Cloud.Hosts.Select(host => $"{host.Name} ({host.MemoryMiB} MiB)"))}, {shortest.Cloud.DefaultLink.BandwidthMiBps} MiB/s");
        Console.WriteLine($"{shortest.Settings}");
        foreach (var guest in shortest.Cloud.Guests)
        {
            Console.WriteLine($"guest {guest.Name} {guest.Uuid} on {guest.Host}: {guest.MemoryMiB} MiB, writes {guest.DirtyMiBps} MiB/s; {guest.Disks[0].Path ?? guest.Disks[0].Network!.Name}; {(guest.Interfaces is [var nic, ..] ? nic.Rule : null)}");
        }

        foreach (var one in shortest.Events)
        {
            Console.WriteLine($"  {one}");
        }

        foreach (var violation in left.Violations)
        {
            Console.WriteLine(violation);
        }

        return 1;
    }
}
