using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Reads what libvirt tells about a guest's job.</summary>
internal static class JobStatsReader
{
    internal static JobStatistics Current(LibvirtDomain domain)
    {
        try
        {
            var (type, values) = domain.GetJobStatistics(completed: false);
            return Of(type, values);
        }
        catch (LibvirtException error) when (error.Code is ErrorCodes.OperationInvalid or ErrorCodes.OperationUnsupported
            || error.Message.Contains("no RAM info was set", StringComparison.Ordinal))
        {
            // libvirt refuses numbers of a guest that is off, of an incoming one, and of one that has just begun:
            // the first has no job, the others do.
            return domain.IsActive ? new JobStatistics(JobState.Active) : JobStatistics.None;
        }
    }

    internal static JobStatistics? Completed(LibvirtDomain domain)
    {
        try
        {
            var (type, values) = domain.GetJobStatistics(completed: true);
            return type == JobType.None ? null : Of(type, values);
        }
        catch (LibvirtException error) when (error.Code is ErrorCodes.OperationInvalid or ErrorCodes.OperationUnsupported)
        {
            return null;
        }
    }

    internal static JobStatistics Of(JobType type, IReadOnlyDictionary<string, long> values)
    {
        if (type == JobType.None)
            return JobStatistics.None;
        return new JobStatistics(StateOf(type))
        {
            Elapsed = TimeSpan.FromMilliseconds(Value("time_elapsed")),
            Downtime = type == JobType.Completed && values.TryGetValue("downtime", out var downtime)
                ? TimeSpan.FromMilliseconds(downtime)
                : null,
            MemoryTotal = Value("memory_total"),
            MemoryProcessed = Value("memory_processed"),
            MemoryRemaining = Value("memory_remaining"),
            DiskTotal = Value("disk_total"),
            DiskProcessed = Value("disk_processed"),
            DiskRemaining = Value("disk_remaining"),
            Iteration = Value("memory_iteration"),
            MemoryBytesPerSecond = Value("memory_bps"),
            DirtyBytesPerSecond = Value("memory_dirty_rate") * Value("memory_page_size"),
        };

        long Value(string name) => values.GetValueOrDefault(name);
    }

    private static JobState StateOf(JobType type) => type switch
    {
        JobType.None => JobState.None,
        JobType.Completed => JobState.Completed,
        JobType.Failed => JobState.Failed,
        JobType.Cancelled => JobState.Cancelled,
        _ => JobState.Active,
    };
}
