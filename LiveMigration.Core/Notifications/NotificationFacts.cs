using System.Text.Json.Nodes;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Notifications;

/// <summary>What both families of payloads are made of.</summary>
/// <param name="Instance">The instance, as recorded now.</param>
/// <param name="Deed">What is being done to it, and who asked for that.</param>
/// <param name="Occurrence">What is told.</param>
/// <param name="Now">The time, UTC.</param>
internal sealed record NotificationFacts(Instance Instance, Deed Deed, Occurrence Occurrence, DateTime Now)
{
    /// <summary>The migration, as recorded now; null when the instance is made or removed.</summary>
    public Migration? Migration { get; init; }

    /// <summary>The own name of the host that the instance is on, where no migration tells it.</summary>
    public string? HostNode { get; init; }

    /// <summary>The availability zone of its host.</summary>
    public string Zone { get; init; } = Aggregate.DefaultZone;

    /// <summary>The name of the image that it is made of.</summary>
    public string ImageName { get; init; } = "";

    /// <summary>The host where the instance is; null while it is on none.</summary>
    public string? Host => Instance.Host.Length == 0 ? null : Instance.Host;

    /// <summary>The host's own name where the instance is.</summary>
    public string? Node => (Migration is null ? HostNode : Instance.Host == Migration.DestCompute ? Migration.DestNode : Migration.SourceNode) ?? Host;

    /// <summary>The id of its flavor: the one it was made in, or the one that its shape amounts to, as in the API.</summary>
    public string Flavor => Instance.FlavorId ?? $"m{Instance.MemoryMiB}c{Instance.Vcpus}";

    /// <summary>The name of its flavor.</summary>
    public string FlavorName => Instance.FlavorName ?? Flavor;

    /// <summary>The flavor's root disk, GiB.</summary>
    public long RootGiB => Instance.IsMade ? Instance.Origin.RootGiB : Instance.DiskGiB;

    /// <summary>What the guest calls itself.</summary>
    public string Hostname => Instance.Hostname ?? Instance.Origin.Hostname ?? Instance.DomainName;

    /// <summary>Nova's word for the vm_state.</summary>
    public string VmState => Word(Instance.VmState);

    /// <summary>The vm_state before. Only an active or paused guest is moved; one that was lost on the way was active.</summary>
    public string OldVmState => Instance.VmState == Model.VmState.Error ? Word(Model.VmState.Active) : VmState;

    /// <summary>Nova's word for the task state.</summary>
    public string? TaskState => Instance.TaskState?.ToNova();

    /// <summary>Nova's word for the power state.</summary>
    public string PowerState => Instance.PowerState == Model.PowerState.NoState
        ? "pending"
        : Instance.PowerState.ToString().ToLowerInvariant();

    /// <summary>The class of the error; one read back from the journal has lost its own.</summary>
    public string ErrorClass => Occurrence.ErrorClass ?? (Migration is null ? "BuildAbortException" : "MigrationError");

    /// <summary>Who sends it, in the family's way of writing it.</summary>
    public string Publisher(bool versioned)
    {
        var (service, host) = Occurrence.What.Emitter switch
        {
            Emitter.Scheduler => ("scheduler", ConductorEvent.Host),
            Emitter.Conductor => (versioned ? "conductor" : "compute_task", ConductorEvent.Host),
            Emitter.Api => ("compute", ConductorEvent.Host),
            Emitter.Host => ("compute", Host ?? ConductorEvent.Host),
            Emitter.Source => ("compute", Migration?.SourceCompute ?? ConductorEvent.Host),
            _ => ("compute", Migration?.DestCompute ?? ConductorEvent.Host),
        };
        return versioned ? $"nova-{service}:{host}" : $"{service}.{host}";
    }

    /// <summary>What Nova's notifications lack, under a key of our own.</summary>
    public JsonObject Ours() => Migration is null
        ? new JsonObject
        {
            ["instance_uuid"] = Instance.Uuid.ToString(),
            ["request_id"] = Deed.RequestId,
            ["error"] = Occurrence.Error,
        }
        : new JsonObject
        {
            ["migration_id"] = Migration.Id,
            ["migration_uuid"] = Migration.Uuid.ToString(),
            ["instance_uuid"] = Instance.Uuid.ToString(),
            ["request_id"] = Deed.RequestId,
            ["source"] = Migration.SourceCompute,
            ["destination"] = Migration.DestCompute,
            ["status"] = Migration.Status.ToNova(),
            ["error"] = Occurrence.Error ?? Migration.Reason,
            ["transfer_ms"] = Migration.TransferMs,
            ["downtime_ms"] = Migration.DowntimeMs,
        };

    private static string Word(VmState state) => state.ToString().ToLowerInvariant();
}
