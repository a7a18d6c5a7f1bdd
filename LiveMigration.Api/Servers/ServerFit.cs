using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Api.Bodies;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>
/// The filters of the list of servers that the database can't answer: patterns, and what is kept as one column of JSON.
/// An empty value asks for nothing.
/// </summary>
internal static class ServerFit
{
    private static readonly Dictionary<string, Func<Instance, string, bool>> Exact = new(StringComparer.Ordinal)
    {
        ["reservation_id"] = (server, wanted) => server.Origin.ReservationId == wanted,
        ["key_name"] = (server, wanted) => server.Origin.KeyName == wanted,
        ["hostname"] = (server, wanted) => (server.Hostname ?? server.Origin.Hostname ?? server.DomainName) == wanted,
        ["instance_name"] = (server, wanted) => server.DomainName == wanted,
        ["access_ip_v4"] = (server, wanted) => (server.AccessIpV4 ?? server.Origin.AccessIPv4) == wanted,
        ["access_ip_v6"] = (server, wanted) => (server.AccessIpV6 ?? server.Origin.AccessIPv6) == wanted,
        ["launch_index"] = (server, wanted) => server.Origin.LaunchIndex.ToString(CultureInfo.InvariantCulture) == wanted,
        ["progress"] = (server, wanted) => server.Progress.ToString(CultureInfo.InvariantCulture) == wanted,
        ["created_at"] = (server, wanted) => IsSecond(server.CreatedAt, wanted),
        ["launched_at"] = (server, wanted) => IsSecond(server.LaunchedAt, wanted),
        ["terminated_at"] = (server, wanted) => IsSecond(server.DeletedAt, wanted),
    };

    /// <summary>Whether a server is asked for; null when every one is.</summary>
    public static Func<Instance, bool>? Of(Query query)
    {
        List<Func<Instance, bool>> asked =
        [
            .. Exact.Where(one => query[one.Key] is { Length: > 0 }).Select(one => (Func<Instance, bool>)(server => one.Value(server, query[one.Key]!))),
        ];
        if (query["name"] is { Length: > 0 } pattern)
        {
            var name = NamePattern(pattern);
            asked.Add(server => name.IsMatch(server.DisplayName));
        }

        if (query.Flag("config_drive") is { } drive)
        {
            asked.Add(server => server.Origin.HasConfigDrive == drive);
        }

        return asked.Count == 0 ? null : server => asked.TrueForAll(fits => fits(server));
    }

    // As it is shown: without fractions.
    private static bool IsSecond(DateTime? time, string wanted) =>
        time is { } known && Query.ParseTime(wanted) is { } asked && known.Ticks / TimeSpan.TicksPerSecond == asked.Ticks / TimeSpan.TicksPerSecond;

    // Non-backtracking: a pattern comes from outside and must not be able to burn our time.
    private static Regex NamePattern(string pattern)
    {
        const RegexOptions Safe = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
        try
        {
            return new Regex(pattern, Safe, TimeSpan.FromSeconds(1));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return new Regex(Regex.Escape(pattern), Safe, TimeSpan.FromSeconds(1));
        }
    }
}
