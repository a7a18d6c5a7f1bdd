using LiveMigration.Core.Drivers;

namespace LiveMigration.Tests.Contract;

/// <summary>
/// Two hosts and the means to put a guest on them: what <see cref="ComputeDriverContract"/> needs beside the driver.
/// Time is the cluster's own: whoever waits for something waits through it.
/// </summary>
public interface IContractCluster : IAsyncDisposable
{
    /// <summary>The driver under test.</summary>
    IComputeDriver Driver { get; }

    /// <summary>The files with disks, under test with it.</summary>
    IDiskImages Images { get; }

    /// <summary>The host that guests are started on.</summary>
    string Source { get; }

    /// <summary>The other one.</summary>
    string Destination { get; }

    /// <summary>A folder that both hosts see, with the same files.</summary>
    string SharedFolder { get; }

    /// <summary>A folder that both hosts have, each with files of its own.</summary>
    string LocalFolder { get; }

    /// <summary>Why this cluster can't kill a libvirtd; null when it can.</summary>
    string? CannotKillLibvirtd { get; }

    /// <summary>Starts a guest on <see cref="Source"/> with a disk in <see cref="SharedFolder"/> that writes its memory at this pace, and waits until it runs.</summary>
    Task<Guid> StartGuestAsync(long memoryMiB, double dirtyMiBps);

    /// <summary>Waits until the condition holds. Fails with <paramref name="what"/> if it never does.</summary>
    Task EventuallyAsync(Func<Task<bool>> condition, string what);

    /// <summary>Waits until what is under way has ended.</summary>
    /// <returns>What it threw; null when it ended well.</returns>
    Task<Exception?> OutcomeOfAsync(Task underWay);

    /// <summary>Kills a host's libvirtd, hard. Its guests go on.</summary>
    Task KillLibvirtdAsync(string host);

    /// <summary>Starts it again and returns when the driver can reach it.</summary>
    Task StartLibvirtdAsync(string host);

    /// <summary>Kills a guest's QEMU on a host, hard.</summary>
    Task KillQemuAsync(string host, Guid guest);

    /// <summary>Cuts the link between the hosts; the driver still reaches both.</summary>
    Task CutLinkAsync();

    /// <summary>Heals it.</summary>
    Task HealLinkAsync();

    /// <summary>Breaks the streams of all transfers out of <see cref="Source"/>; new ones are possible.</summary>
    Task BreakStreamsAsync();
}
