using System.Text.Json.Nodes;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Notifications;

/// <summary>What both families of payloads are made of.</summary>
/// <param name="Instance">The instance, as recorded now.</param>
/// <param name="Migration">The migration, as recorded now.</param>
/// <param name="Occurrence">What is told.</param>
/// <param name="Now">The time, UTC.</param>
internal sealed record NotificationFacts(Instance Instance, Migration Migration, Occurrence Occurrence, DateTime Now)
{
    /// <summary>The host's own name where the instance is.</summary>
    public string Node => (Instance.Host == Migration.DestCompute ? Migration.DestNode : Migration.SourceNode) ?? Instance.Host;

    /// <summary>The id and name of the flavor that a guest's shape amounts to, as in the API.</summary>
    public string Flavor => $"m{Instance.MemoryMiB}c{Instance.Vcpus}";

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
    public string ErrorClass => Occurrence.ErrorClass ?? "MigrationError";

    /// <summary>Who sends it, in the family's way of writing it.</summary>
    public string Publisher(bool versioned)
    {
        var (service, host) = Occurrence.What.Emitter switch
        {
            Emitter.Scheduler => ("scheduler", ConductorEvent.Host),
            Emitter.Conductor => (versioned ? "conductor" : "compute_task", ConductorEvent.Host),
            Emitter.Api => ("compute", ConductorEvent.Host),
            Emitter.Source => ("compute", Migration.SourceCompute),
            _ => ("compute", Migration.DestCompute ?? ConductorEvent.Host),
        };
        return versioned ? $"nova-{service}:{host}" : $"{service}.{host}";
    }

    /// <summary>What Nova's notifications lack, under a key of our own.</summary>
    public JsonObject Ours() => new()
    {
        ["migration_id"] = Migration.Id,
        ["migration_uuid"] = Migration.Uuid.ToString(),
        ["instance_uuid"] = Instance.Uuid.ToString(),
        ["request_id"] = Migration.RequestId,
        ["source"] = Migration.SourceCompute,
        ["destination"] = Migration.DestCompute,
        ["status"] = Migration.Status.ToNova(),
        ["error"] = Occurrence.Error ?? Migration.Reason,
        ["transfer_ms"] = Migration.TransferMs,
        ["downtime_ms"] = Migration.DowntimeMs,
    };

    private static string Word(VmState state) => state.ToString().ToLowerInvariant();
}
