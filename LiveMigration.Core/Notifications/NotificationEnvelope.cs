using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Notifications;

/// <summary>Puts payloads into Nova's envelope, ready for the outbox. Pure.</summary>
internal static class NotificationEnvelope
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is told of these facts, once in each family that is wanted.</summary>
    public static IEnumerable<OutgoingNotification> Of(NotificationFacts facts, NotificationSettings settings)
    {
        if (settings.Unversioned)
        {
            yield return Make(facts, versioned: false);
        }

        if (settings.Versioned)
        {
            yield return Make(facts, versioned: true);
        }
    }

    private static OutgoingNotification Make(NotificationFacts facts, bool versioned)
    {
        var what = facts.Occurrence.What;
        var name = versioned ? what.Versioned : what.Legacy;
        var priority = what.IsError ? "ERROR" : "INFO";
        var id = MessageId(facts.Deed.Uuid, name, facts.Occurrence.Key, versioned);
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
            RequestId = facts.Deed.RequestId,
            Body = envelope.ToJsonString(Plain),
            CreatedAt = facts.Now,
        };
    }

    /// <summary>Made of what it tells, not of chance: told again it is the same, and a receiver can drop it.</summary>
    private static Guid MessageId(Guid deed, string name, string key, bool versioned)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{deed}\n{name}\n{key}\n{versioned}"));
        // RFC 9562 §5.8: version 8, variant 10.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
