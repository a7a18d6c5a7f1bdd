using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Inventory;

/// <summary>
/// The records of guests, kept as the hosts say. A guest that a migration owns is left to the migration. Nothing here
/// changes a guest.
/// </summary>
internal sealed partial class GuestRecords(
    IDbContextFactory<ControlPlaneDbContext> contexts,
    IComputeDriver driver,
    AdoptionDefaults owner,
    TimeProvider time,
    ILogger<GuestRecords> logger)
{
    private static readonly Func<ControlPlaneDbContext, Guid, CancellationToken, Task<bool>> IsBusy = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, Guid uuid, CancellationToken ct) => db.Instances.Any(row => row.Uuid == uuid && row.TaskState != null));

    private static readonly Func<ControlPlaneDbContext, string, IAsyncEnumerable<Guid>> IdleOn = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, string host) => db.Instances
            .Where(row => row.Host == host && row.VmState != VmState.Deleted && row.TaskState == null)
            .Select(row => row.Uuid));

    /// <summary>Compares all guests of a host with the records.</summary>
    public async Task SweepAsync(string host, CancellationToken ct)
    {
        var seen = await driver.ListGuestsAsync(host, ct);
        foreach (var guest in seen)
        {
            await NoteAsync(host, guest, ct);
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        var here = seen.Select(guest => guest.Uuid).ToHashSet();
        var recorded = await IdleOn(db, host).ToListAsync(ct);
        foreach (var missing in recorded.Where(uuid => !here.Contains(uuid)))
        {
            await NoteMissingAsync(host, missing, ct);
        }
    }

    /// <summary>Looks at one guest of a host again. One that a migration owns is not asked for: its move makes events enough.</summary>
    public async Task LookAsync(string host, Guid uuid, CancellationToken ct)
    {
        await using (var db = await contexts.CreateDbContextAsync(ct))
        {
            if (await IsBusy(db, uuid, ct))
            {
                return;
            }
        }

        if (await driver.FindGuestAsync(host, uuid, ct) is { } guest)
        {
            await NoteAsync(host, guest, ct);
        }
        else
        {
            await NoteMissingAsync(host, uuid, ct);
        }
    }

    private async Task NoteAsync(string host, GuestObservation guest, CancellationToken ct)
    {
        // What is on its way in or out belongs to the other end.
        if (guest.State is GuestState.Incoming or GuestState.PausedMigrated or GuestState.PausedPostCopy)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        var instance = await db.FindInstanceAsync(guest.Uuid, ct);
        var lives = guest.ToSighting() is not Sighting.Absent;
        if (instance is null)
        {
            instance = Adopt(host, guest);
            db.Instances.Add(instance);
            LogAdopted(guest.Uuid, guest.Name, host);
        }
        else if (instance.TaskState is not null || (instance.Host != host && !lives))
        {
            return;
        }

        if (instance.VmState == VmState.Deleted && await driver.FindGuestAsync(host, guest.Uuid, ct) is null)
        {
            // It was removed between the look and now.
            return;
        }

        if (instance.Host != host)
        {
            if (await LivesAsync(instance.Host, guest.Uuid, ct))
            {
                LogTwice(guest.Uuid, instance.Host, host);
                return;
            }

            LogMoved(guest.Uuid, instance.Host, host);
        }

        Describe(instance, host, guest, lives);
        await SaveAsync(db, ct);
    }

    private Instance Adopt(string host, GuestObservation guest) => new()
    {
        Uuid = guest.Uuid,
        DisplayName = guest.Name,
        DomainName = guest.Name,
        Host = host,
        VmState = guest.ToVmState(),
        PowerState = guest.ToPowerState(),
        MemoryMiB = guest.MemoryMiB,
        Vcpus = guest.Vcpus,
        ProjectId = owner.ProjectId,
        UserId = owner.UserId,
        CreatedAt = time.GetUtcNow().UtcDateTime,
    };

    private void Describe(Instance instance, string host, GuestObservation guest, bool lives)
    {
        instance.Host = host;
        if (instance.VmState == VmState.Deleted)
        {
            // Somebody has made it again by hand: what was asked of the old one is not asked of this one.
            (instance.DeletedAt, instance.DeleteRequestedAt, instance.DeleteRequestId) = (null, null, null);
        }

        Name(instance, guest);
        instance.VmState = instance.HeldInError ? VmState.Error : guest.ToVmState();
        instance.PowerState = guest.ToPowerState();
        instance.MemoryMiB = guest.MemoryMiB;
        instance.Vcpus = guest.Vcpus;
        if (lives)
        {
            instance.LaunchedAt ??= time.GetUtcNow().UtcDateTime;
        }
    }

    /// <summary>What a user has called it stays; what only repeats the domain follows the domain.</summary>
    private static void Name(Instance instance, GuestObservation guest)
    {
        if (instance.DisplayName == instance.DomainName)
        {
            instance.DisplayName = guest.Name;
        }

        var title = guest.Title is { Length: > 255 } ? guest.Title[..255] : guest.Title;
        if (instance.Description == instance.DomainTitle)
        {
            instance.Description = title;
        }

        (instance.DomainName, instance.DomainTitle) = (guest.Name, title);
    }

    /// <summary>The host of the record no longer has it. Gone for good only if every host has been asked and answered.</summary>
    private async Task NoteMissingAsync(string host, Guid uuid, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.Instances.SingleOrDefaultAsync(row => row.Uuid == uuid && row.TaskState == null && row.Host == host, ct)
            is not { VmState: not VmState.Deleted } instance)
        {
            return;
        }

        // The host itself first, once more: the guest may have been started, or have arrived, since its guests were listed.
        foreach (var other in driver.Hosts.OrderByDescending(other => other == host))
        {
            try
            {
                if (await driver.FindGuestAsync(other, uuid, ct) is { } there)
                {
                    await NoteAsync(other, there, ct);
                    return;
                }
            }
            catch (HypervisorUnavailable)
            {
                return;
            }
        }

        LogGone(uuid, host);
        instance.VmState = VmState.Deleted;
        instance.PowerState = PowerState.NoState;
        instance.DeletedAt = time.GetUtcNow().UtcDateTime;
        await SaveAsync(db, ct);
    }

    private async Task<bool> LivesAsync(string host, Guid uuid, CancellationToken ct)
    {
        try
        {
            return (await driver.FindGuestAsync(host, uuid, ct)).ToSighting() is Sighting.Alive or Sighting.PostCopy;
        }
        catch (ControlPlaneException exception) when (exception is HypervisorUnavailable or ComputeHostNotFound)
        {
            // A host that can't be asked does not keep a guest that is seen to live elsewhere.
            return false;
        }
    }

    private async Task SaveAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        if (!db.ChangeTracker.HasChanges())
        {
            return;
        }

        foreach (var entry in db.ChangeTracker.Entries<Instance>().Where(entry => entry.State == EntityState.Modified))
        {
            entry.Entity.UpdatedAt = time.GetUtcNow().UtcDateTime;
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || SqliteFaults.IsDuplicate(exception))
        {
            // A request has changed it since we looked, or another look has adopted it; the next look sees both.
        }
    }

    [LoggerMessage(LogLevel.Information, "Adopted guest {Guest} ({Name}) on {Host}")]
    private partial void LogAdopted(Guid guest, string name, string host);

    [LoggerMessage(LogLevel.Warning, "Guest {Guest} was moved from {From} to {To} behind our back")]
    private partial void LogMoved(Guid guest, string from, string to);

    [LoggerMessage(LogLevel.Critical, "Guest {Guest} runs on {One} AND on {Other}: stop one of the two by hand, at once")]
    private partial void LogTwice(Guid guest, string one, string other);

    [LoggerMessage(LogLevel.Warning, "Guest {Guest} is gone from {Host} and from every other host")]
    private partial void LogGone(Guid guest, string host);
}
