namespace LiveMigration.Core.Model;

/// <summary>
/// The record that we keep of a guest; Nova's API calls it a server. What runs where is always asked of the hosts;
/// this row tells what we intended and what we last saw.
/// </summary>
public sealed class Instance
{
    /// <summary>libvirt's UUID of the domain; the server id of the API.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The name that people and clients call it by; an adopted guest's is its domain's.</summary>
    public required string DisplayName { get; set; }

    /// <summary>What it is for; an adopted guest's is its domain's title.</summary>
    public string? Description { get; set; }

    /// <summary>libvirt's name of the domain, unique on its host.</summary>
    public required string DomainName { get; set; }

    /// <summary>The compute service (host name of the configuration) that the guest was last known to run on.</summary>
    public required string Host { get; set; }

    /// <summary>What the instance should be held to be.</summary>
    public required VmState VmState { get; set; }

    /// <summary>What is being done to it; null when nothing is.</summary>
    public TaskState? TaskState { get; set; }

    /// <summary>What the hypervisor last said.</summary>
    public required PowerState PowerState { get; set; }

    /// <summary>Memory, in MiB, at most (libvirt's maximum memory).</summary>
    public required long MemoryMiB { get; set; }

    /// <summary>Virtual processors, at most.</summary>
    public required int Vcpus { get; set; }

    /// <summary>Sum of the virtual sizes of its writable local disks, in GiB, rounded up.</summary>
    public long DiskGiB { get; set; }

    /// <summary>How far a running migration is, 0–100; 0 when none runs.</summary>
    public int Progress { get; set; }

    /// <summary>The project that owns it.</summary>
    public required string ProjectId { get; set; }

    /// <summary>The user that owns it.</summary>
    public required string UserId { get; set; }

    /// <summary>True while an operator has locked it; only an admin may migrate it then.</summary>
    public bool Locked { get; set; }

    /// <summary>Why it was locked, if said.</summary>
    public string? LockedReason { get; set; }

    /// <summary>Who locked it, in Nova's words: <c>owner</c>, somebody of its project, or <c>admin</c>; null while it is not.</summary>
    public string? LockedBy { get; set; }

    /// <summary>When the record was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the record last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>When the guest was first seen to run, UTC.</summary>
    public DateTime? LaunchedAt { get; set; }

    /// <summary>Concurrency token; counted up with each save.</summary>
    public int Version { get; set; }
}
