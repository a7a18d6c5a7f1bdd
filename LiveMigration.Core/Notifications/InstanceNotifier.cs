using LiveMigration.Core.Images;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Notifications;

/// <summary>Makes notifications of the making and the removal of servers, and puts them into the outbox.</summary>
internal sealed class InstanceNotifier(
    IDbContextFactory<ControlPlaneDbContext> contexts,
    ImageCatalog images,
    NotificationOutbox outbox,
    NotificationSettings settings,
    TimeProvider time)
{
    /// <summary>The action under which a server's making was asked for.</summary>
    public const string Create = "create";

    /// <summary>The action under which its removal was asked for.</summary>
    public const string Delete = "delete";

    /// <summary>Puts these into the outbox, in this order. Never throws, and does not wait for long.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="action">The action under which it was asked for.</param>
    /// <param name="due">What is told.</param>
    /// <param name="becomes">
    /// What the record is about to become, where it is told before it is written: who dies in between tells it again.
    /// </param>
    /// <param name="ct">Gives up waiting.</param>
    public Task NotifyAsync(
        Guid instance, string action, IReadOnlyList<Occurrence> due, Action<Instance, DateTime>? becomes, CancellationToken ct) =>
        outbox.PutAsync(() => MakeAsync(instance, action, due, becomes), ct);

    private async Task<IReadOnlyList<OutgoingNotification>> MakeAsync(
        Guid uuid, string action, IReadOnlyList<Occurrence> due, Action<Instance, DateTime>? becomes)
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        var instance = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == uuid);
        var asked = await db.InstanceActions.AsNoTracking()
            .Where(row => row.InstanceUuid == uuid && row.Action == action)
            .OrderByDescending(row => row.Id)
            .FirstOrDefaultAsync();
        var node = await db.ComputeNodes.AsNoTracking().FirstOrDefaultAsync(row => row.Host == instance.Host);
        var zone = Aggregate.ZoneOf(instance.Host, await db.Aggregates.AsNoTracking().ToListAsync());
        var now = time.GetUtcNow().UtcDateTime;
        becomes?.Invoke(instance, now);
        var deed = new Deed(uuid, asked?.RequestId ?? "", asked?.UserId ?? instance.UserId, asked?.ProjectId ?? instance.ProjectId);
        return
        [
            .. due.SelectMany(occurrence => NotificationEnvelope.Of(
                new NotificationFacts(instance, deed, occurrence, now)
                {
                    HostNode = node?.HypervisorHostname,
                    Zone = zone,
                    ImageName = instance.ImageId is { } image ? images.Find(image)?.Name ?? "" : "",
                },
                settings)),
        ];
    }
}
