using System.Globalization;

namespace LiveMigration.Core.Notifications;

/// <summary>The ways in which Nova writes a time into a notification. All are UTC.</summary>
internal static class NotificationTimes
{
    /// <summary>In the envelope: <c>2012-10-29 13:42:11.123456</c>.</summary>
    public static string Envelope(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>In versioned payloads: <c>2012-10-29T13:42:11Z</c>; null stays null.</summary>
    public static string? Versioned(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>In unversioned payloads: <c>2012-10-29T13:42:11.000000</c>; empty for null.</summary>
    public static string Legacy(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The one exception there, <c>created_at</c>: <c>2012-10-29 13:42:11+00:00</c>.</summary>
    public static string LegacyCreated(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    /// <summary>The beginning of the month: Nova's audit period, unless it is configured otherwise.</summary>
    public static DateTime AuditBegin(DateTime now) => new(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);
}
