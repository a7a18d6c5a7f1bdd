using System.Text.Json;
using System.Text.Json.Serialization;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Conductor;

/// <summary>The saga's own record: what was asked for and what the steps have found out. Stored with each journal line.</summary>
public sealed record LiveMigrationState
{
    /// <summary>The instance.</summary>
    public required Guid Instance { get; init; }

    /// <summary>The migration's UUID, as in the mark.</summary>
    public required Guid Migration { get; init; }

    /// <summary>The API request; key of the instance action.</summary>
    public required string RequestId { get; init; }

    /// <summary>The host that the guest is to leave.</summary>
    public required string Source { get; init; }

    /// <summary>The host that was asked for, if one was.</summary>
    public string? RequestedHost { get; init; }

    /// <summary>False to go to the requested host without the scheduler.</summary>
    public bool Scheduled { get; init; } = true;

    /// <summary>What to do with local disks.</summary>
    public BlockMigration BlockMigration { get; init; }

    /// <summary>Microversion &lt; 2.25: how to size local disks; null = not asked.</summary>
    public bool? DiskOverCommit { get; init; }

    /// <summary>How the guest is moved: what was in force when it was asked for. Null in a record of an older version.</summary>
    public TransferOptions? Options { get; init; }

    /// <summary>The address that the memory is to be sent to, if one was asked for.</summary>
    public string? MigrationAddress { get; init; }

    /// <summary>True while a client waits for the checks (microversion &lt; 2.34): names the conductor's event.</summary>
    public bool ClientWaits { get; init; }

    /// <summary>Whether the guest was paused when the move began; null when that is not known.</summary>
    public bool? WasPaused { get; init; }

    /// <summary>The host that it goes to, once chosen.</summary>
    public string? Destination { get; init; }

    /// <summary>What the checks found, once they have passed.</summary>
    public MigrateData? MigrateData { get; init; }

    /// <summary>The epoch that has made the disks at the destination; 0 before. A later one makes them again before it begins a transfer.</summary>
    public int DisksMadeInEpoch { get; init; }

    /// <summary>How the guest is to be plugged in there, once the checks have passed.</summary>
    /// <remarks>A row of an earlier version has none; the generated reader then hands null over.</remarks>
    public NetworkPlan Network { get; init => field = value ?? NetworkPlan.None; } = NetworkPlan.None;

    /// <summary>Why it turned round, if it did.</summary>
    public string? Failure { get; init; }

    /// <summary>True when it turned round because it was asked to.</summary>
    public bool Cancelled { get; init; }

    /// <summary>How the guest was lost in mid-post-copy, if it was.</summary>
    public string? Lost { get; init; }

    /// <summary>Whether the guest has left its source for good, told by how the migration ended: it arrived, or was lost after the switch.</summary>
    /// <param name="ended">The migration's last status.</param>
    public bool HasMoved(MigrationStatus ended) => ended == MigrationStatus.Completed || Lost is not null;

    /// <summary>Our mark for the guest, in this epoch.</summary>
    public MigrationMark Mark(int epoch) => new(Migration, epoch, Source, Destination ?? "");

    internal string ToJson() => JsonSerializer.Serialize(this, LiveMigrationStateJson.Default.LiveMigrationState);

    /// <summary>Reads what <see cref="Model.Migration.SagaState"/> holds.</summary>
    public static LiveMigrationState FromJson(string json) =>
        JsonSerializer.Deserialize(json, LiveMigrationStateJson.Default.LiveMigrationState)!;
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(LiveMigrationState))]
internal sealed partial class LiveMigrationStateJson : JsonSerializerContext;
