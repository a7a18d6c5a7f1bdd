namespace LiveMigration.Core.Model;

/// <summary>Hosts that an operator holds to be of one kind. With the key <c>availability_zone</c> they are a zone.</summary>
public sealed class Aggregate
{
    /// <summary>The key that makes a zone of it.</summary>
    public const string ZoneKey = "availability_zone";

    /// <summary>The zone of hosts that are in none. Nova: default_availability_zone.</summary>
    public const string DefaultZone = "nova";

    /// <summary>The integer id of the API.</summary>
    public int Id { get; init; }

    /// <summary>The id of API versions from 2.41 on.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name, unique.</summary>
    public required string Name { get; set; }

    /// <summary>What operators note of it, by key.</summary>
    public Dictionary<string, string> Metadata { get; set; } = [];

    /// <summary>Its hosts, by the names of their compute services.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>The zone that its hosts are in; null when it makes none.</summary>
    public string? Zone => Metadata.GetValueOrDefault(ZoneKey);

    /// <summary>The zone that a host is in.</summary>
    public static string ZoneOf(string host, IEnumerable<Aggregate> aggregates)
    {
        ArgumentNullException.ThrowIfNull(aggregates);
        return aggregates.Where(aggregate => aggregate.Zone is not null && aggregate.Hosts.Contains(host, StringComparer.Ordinal))
            .Select(aggregate => aggregate.Zone).FirstOrDefault() ?? DefaultZone;
    }
}
