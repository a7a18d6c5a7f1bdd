using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// The end of a post-copy past mending: of the two QEMUs that each had a part of the guest's memory one is gone, and the
/// guest with it. Its disks are at the destination, where it ran last; there its definition is kept, and what is left of
/// it is ended.
/// </summary>
internal sealed partial class LostGuest(IComputeDriver driver, ILogger<LostGuest> logger)
{
    /// <summary>Whether both hosts say that the guest is lost.</summary>
    /// <returns>How that came; null when it is not lost.</returns>
    /// <exception cref="OutsideSilent">The source is gone, and the destination has not noticed yet.</exception>
    public async Task<string?> FindOutAsync(Guid instance, string source, string destination, Guid migration, CancellationToken ct)
    {
        var (there, here) = await LookAsync(instance, source, destination, migration, ct);
        if ((there, here) is (Sighting.Absent, Sighting.PostCopy))
        {
            throw new OutsideSilent($"{destination} still waits for memory of a guest that {source} does not have any more");
        }

        if (!GuestWhereabouts.IsLost(there, here))
        {
            return null;
        }

        var (gone, when) = here == Sighting.Broken
            ? (source, $"before {destination} had fetched the rest of its memory from there")
            : (destination, "in mid-post-copy");
        return $"the guest's QEMU ended on {gone} {when}: the guest is lost. It is kept on {destination}, off, "
            + "with its disks as after a power failure; start it there";
    }

    /// <summary>Ends what is left of it. Both hosts are asked once more.</summary>
    /// <param name="request">The transfer that lost it.</param>
    /// <param name="ct">Stops; it can be done again.</param>
    public async Task EndAsync(RunLiveMigration.Request request, CancellationToken ct)
    {
        var (there, here) = await LookAsync(request.Instance, request.Source, request.Destination, request.Mark.Migration, ct);
        if (!GuestWhereabouts.IsLost(there, here))
        {
            return;
        }

        LogEnding(request.Instance, request.Source, there, request.Destination, here);
        var (host, changes) = here == Sighting.Broken
            ? (request.Destination, DestinationChanges.None)
            : (request.Source, request.Network.ToChanges());
        await driver.KeepDefinitionAsync(host, request.Instance, request.Destination, changes, ct);
        await driver.EndBrokenGuestAsync(host, request.Instance, request.Mark, ct);
    }

    private async Task<(Sighting Source, Sighting Destination)> LookAsync(
        Guid instance, string source, string destination, Guid migration, CancellationToken ct)
    {
        // In the direction in which it goes: one that is whole again and has left since the destination was asked is not lost.
        var there = await driver.FindGuestAsync(source, instance, ct);
        var here = await driver.FindGuestAsync(destination, instance, ct);
        return (there.ToSighting(), here.AtDestination(migration));
    }

    [LoggerMessage(LogLevel.Error, "Instance {Instance} is lost: its post-copy broke, and {Source} says {There}, {Destination} says {Here}; what is left of it is ended")]
    private partial void LogEnding(Guid instance, string source, Sighting there, string destination, Sighting here);
}
