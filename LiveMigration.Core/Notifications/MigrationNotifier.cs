using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Notifications;

/// <summary>Makes notifications of a migration out of the records as they are now, and puts them into the outbox.</summary>
internal sealed class MigrationNotifier(
    IDbContextFactory<ControlPlaneDbContext> contexts, NotificationOutbox outbox, NotificationSettings settings, TimeProvider time)
{
    /// <summary>Puts these into the outbox, in this order. Never throws, and does not wait for long.</summary>
    public Task NotifyAsync(int migrationId, IReadOnlyList<Occurrence> due, CancellationToken ct) =>
        outbox.PutAsync(() => MakeAsync(migrationId, due), ct);

    /// <summary>
    /// Takes the place in the outbox now, for what is told only if the work succeeds: nothing that the work sets off can
    /// come before it.
    /// </summary>
    /// <returns>Completes when it was told, or never will be; nobody needs to wait for it.</returns>
    public Task NotifyOnceDone(int migrationId, IReadOnlyList<Occurrence> due, Task<bool> succeeded) =>
        outbox.Reserve(async () => await succeeded ? await MakeAsync(migrationId, due) : []);

    private async Task<IReadOnlyList<OutgoingNotification>> MakeAsync(int migrationId, IReadOnlyList<Occurrence> due)
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        var migration = await db.Migrations.AsNoTracking().SingleAsync(row => row.Id == migrationId);
        var instance = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == migration.InstanceUuid);
        var now = time.GetUtcNow().UtcDateTime;
        List<OutgoingNotification> made = [];
        foreach (var occurrence in due.Where(occurrence => settings.NotifyOnStateChange || occurrence.What.Content != Content.StateChange))
        {
            var facts = new NotificationFacts(instance, Deed.Of(migration), occurrence, now) { Migration = migration };
            made.AddRange(NotificationEnvelope.Of(facts, settings));
        }

        return made;
    }
}
