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

    /// <summary>Who locked it: <c>owner</c> (somebody of its project) or <c>admin</c>; null while it is not locked.</summary>
    public string? LockedBy { get; set; }

    /// <summary>True while an operator wants it to be called ERROR whatever its guest does.</summary>
    public bool HeldInError { get; set; }

    /// <summary>The title of its domain when it was last looked at.</summary>
    public string? DomainTitle { get; set; }

    /// <summary>What users note of it, by key.</summary>
    public Dictionary<string, string> Metadata { get; set; } = [];

    /// <summary>What users have tagged it with, in order.</summary>
    public List<string> Tags { get; set; } = [];

    /// <summary>The IPv4 address that users say it is reached by.</summary>
    public string? AccessIpV4 { get; set; }

    /// <summary>The IPv6 address that users say it is reached by.</summary>
    public string? AccessIpV6 { get; set; }

    /// <summary>The host name that the guest is meant to have; null for its domain's name.</summary>
    public string? Hostname { get; set; }

    /// <summary>The availability zone that it must stay in; null when it may be anywhere.</summary>
    public string? PinnedAvailabilityZone { get; set; }

    /// <summary>When the record was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the record last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>When the guest was first seen to run, UTC.</summary>
    public DateTime? LaunchedAt { get; set; }

    /// <summary>True when we made the guest: its name is the record's, and its disks are ours to remove.</summary>
    public bool IsMade { get; init; }

    /// <summary>What only a guest that we made has; empty for an adopted one.</summary>
    public InstanceOrigin Origin { get; set; } = InstanceOrigin.None;

    /// <summary>The name of its flavor; null for one whose flavor is derived from its shape.</summary>
    public string? FlavorName { get; init; }

    /// <summary>The id of its flavor; null for one whose flavor is derived from its shape.</summary>
    public string? FlavorId { get; init; }

    /// <summary>The image that its root disk was made of; null for an adopted guest.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>The status of what went wrong, as HTTP counts; null while nothing has.</summary>
    public int? FaultCode { get; set; }

    /// <summary>What went wrong, in one line.</summary>
    public string? FaultMessage { get; set; }

    /// <summary>When it went wrong, UTC.</summary>
    public DateTime? FaultAt { get; set; }

    /// <summary>When its removal was asked for, UTC.</summary>
    public DateTime? DeleteRequestedAt { get; set; }

    /// <summary>The request that asked for its removal.</summary>
    public string? DeleteRequestId { get; set; }

    /// <summary>When it was gone from every host, UTC.</summary>
    public DateTime? DeletedAt { get; set; }

    /// <summary>Concurrency token; counted up with each save.</summary>
    public int Version { get; set; }
}
