using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What a controller takes of the machine at one moment.</summary>
/// <param name="ResidentMiB">Resident memory, MiB.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="OpenFiles">Open files; its connections among them.</param>
internal sealed record Footprint(double ResidentMiB, int Threads, int OpenFiles)
{
    // Pools of threads and connections breathe; what leaks with each move is many more than these.
    private const int Breath = 8;

    public static Footprint Of(ControllerProcess process)
    {
        var folder = $"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}";
        return new Footprint(
            process.ResidentBytes / 1048576.0,
            Directory.EnumerateDirectories($"{folder}/task").Count(),
            Directory.EnumerateFileSystemEntries($"{folder}/fd").Count());
    }

    public double GrowthPercentSince(Footprint early) => 100 * (ResidentMiB - early.ResidentMiB) / early.ResidentMiB;

    public IEnumerable<string> LeakedSince(Footprint early)
    {
        if (Threads > early.Threads + Breath)
        {
            yield return $"threads: {Threads}, early on {early.Threads}";
        }

        if (OpenFiles > early.OpenFiles + Breath)
        {
            yield return $"open files and connections: {OpenFiles}, early on {early.OpenFiles}";
        }
    }
}
