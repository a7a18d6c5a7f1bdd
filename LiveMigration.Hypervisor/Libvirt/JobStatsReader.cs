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
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoSupport)
        {
            return JobStatistics.None;
        }
        catch (LibvirtException error) when (error.Code is ErrorCodes.OperationInvalid or ErrorCodes.OperationUnsupported
            || error.Message.Contains("no RAM info was set", StringComparison.Ordinal))
        {
            // libvirt refuses numbers of a guest that is off, of an incoming one, and of one that has just begun:
            // the first has no job, the others do.
            return domain.IsActive ? new JobStatistics(JobState.Active) : JobStatistics.None;
        }
    }

    /// <summary>
    /// Throws at once for a guest in a transfer. libvirt would let a change wait for the transfer's end, half a minute
    /// at most, and then refuse it all the same.
    /// </summary>
    internal static void RefuseBusy(LibvirtDomain domain)
    {
        if (Current(domain).State == JobState.Active)
            throw new LibvirtException(ErrorCodes.OperationInvalid, 0, "the guest is being transferred and can't be changed now");
    }

    /// <summary>Throws at once for a guest whose transfer only its source can stop, for the same reason.</summary>
    internal static void RefuseIncoming(LibvirtDomain domain)
    {
        try
        {
            _ = domain.GetJobStatistics(completed: false);
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.OperationUnsupported)
        {
            throw new LibvirtException(ErrorCodes.OperationUnsupported, error.Domain, "a transfer is stopped at its source, not at its destination");
        }
        catch (LibvirtException error) when (error.Code is ErrorCodes.OperationInvalid or ErrorCodes.NoSupport)
        {
            // Off, or a driver without jobs: there is nothing to stop, as the call to come will find.
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
