using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Notifications;

/// <summary>Makes notifications of a migration out of the records as they are now, and puts them into the outbox.</summary>
internal sealed class MigrationNotifier(
    IDbContextFactory<ControlPlaneDbContext> contexts, NotificationOutbox outbox, NotificationSettings settings, TimeProvider time)
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            var facts = new NotificationFacts(instance, migration, occurrence, now);
            if (settings.Unversioned)
            {
                made.Add(Make(facts, versioned: false));
            }

            if (settings.Versioned)
            {
                made.Add(Make(facts, versioned: true));
            }
        }

        return made;
    }

    private static OutgoingNotification Make(NotificationFacts facts, bool versioned)
    {
        var what = facts.Occurrence.What;
        var name = versioned ? what.Versioned : what.Legacy;
        var priority = what.IsError ? "ERROR" : "INFO";
        var id = MessageId(facts.Migration.Uuid, name, facts.Occurrence.Key, versioned);
        var payload = versioned ? VersionedPayload.Of(facts) : LegacyPayload.Of(facts);
        payload["livemigration"] = facts.Ours();
        var envelope = new JsonObject
        {
            ["message_id"] = id.ToString(),
            ["publisher_id"] = facts.Publisher(versioned),
            ["event_type"] = name,
            ["priority"] = priority,
            ["payload"] = payload,
            ["timestamp"] = NotificationTimes.Envelope(facts.Now),
        };
        return new OutgoingNotification
        {
            MessageId = id,
            EventType = name,
            Priority = priority,
            Versioned = versioned,
            RequestId = facts.Migration.RequestId,
            Body = envelope.ToJsonString(Plain),
            CreatedAt = facts.Now,
        };
    }

    /// <summary>Made of what it tells, not of chance: told again it is the same, and a receiver can drop it.</summary>
    private static Guid MessageId(Guid migration, string name, string key, bool versioned)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{migration}\n{name}\n{key}\n{versioned}"));
        // RFC 9562 §5.8: version 8, variant 10.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
