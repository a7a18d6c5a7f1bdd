using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;

namespace LiveMigration.Tests.Api;

/// <summary>The cloud of the recordings: two hosts, four servers, and what was going on.</summary>
internal static class Scene
{
    public const string Idle = "ec224470-8fb3-489b-b031-e575d8c34023";
    public const string Slow = "bc5c5fd8-c799-4ec5-b0ca-ac2749c04d0d";
    public const string Vm1 = "d480590e-156f-4f24-9490-d049aad153be";
    public const string User = "464d1621e7794d598a62739b3ca62e07";
    public const string Nv1Service = "b03e7f08-662d-44f7-934f-e11ab6443c70";
    public const string Nv2Service = "2f336468-2400-49a4-bf44-63c77eef575d";
    public const string Nv1Hypervisor = "e2210f32-af3b-4fb1-8024-89e2c04e2951";
    public const string Nv2Hypervisor = "79d78127-5945-4ac3-9dca-f4dcd6eb75fb";

    public static readonly DateTime Now = new(2026, 11, 22, 18, 0, 0, DateTimeKind.Utc);

    /// <summary>Two hosts and four servers, all quiet.</summary>
    public static Task Quiet(ControlPlaneDbContext db)
    {
        db.ComputeNodes.AddRange(
            Node(1, "nv1", Nv1Service, Nv1Hypervisor),
            Node(2, "nv2", Nv2Service, Nv2Hypervisor));
        db.Instances.AddRange(
            Server(Vm1, "vm1", "nv2", minute: 1),
            Server("2e40eea0-9d64-4aa3-9129-456ca3467600", "d1", "nv2", minute: 2),
            Server(Slow, "slow1", "nv1", minute: 3),
            Server(Idle, "idle1", "nv1", minute: 4));
        return Task.CompletedTask;
    }

    /// <summary>The same with a running and a queued migration.</summary>
    public static async Task Moving(ControlPlaneDbContext db)
    {
        await Quiet(db);
        Find(db, Slow).TaskState = TaskState.Migrating;
        Find(db, Vm1).TaskState = TaskState.Migrating;
        db.Migrations.AddRange(
            Migration(1, "0a18a5f0-0000-4000-8000-000000000001", Vm1, MigrationStatus.Failed),
            Migration(2, "0a18a5f0-0000-4000-8000-000000000002", Vm1, MigrationStatus.Completed),
            Migration(35, "e41f8c18-6386-4e05-9063-5c70a2f5768c", Slow, MigrationStatus.Running),
            Migration(38, "af20265f-c9cc-45bb-a438-69193c3e47cd", Vm1, MigrationStatus.Queued));
        db.InstanceActions.AddRange(Action(Slow, "req-d7da8ca9-b3a5-4e5d-a57f-105cf2dff417", "live-migration"));
    }

    /// <summary>A host that serves both.</summary>
    public static ComputeNode Node(int id, string host, string service, string hypervisor) => new()
    {
        Id = id,
        Host = host,
        HypervisorHostname = host,
        ServiceUuid = Guid.Parse(service),
        Uuid = Guid.Parse(hypervisor),
        Connected = true,
        LastSeenAt = Now,
        HypervisorVersion = 7002022,
        HostIp = "10.78.0.1" + id,
        MemoryMiB = 10586,
        Vcpus = 2,
        LocalGiB = 251,
        FreeDiskGiB = 70,
        CpuInfoJson = """{"arch": "x86_64", "model": "kvm64", "vendor": "AMD", "topology": {"cells": 1, "sockets": 1, "cores": 2, "threads": 1}, "features": ["apic"]}""",
        BootedAt = Now.AddMinutes(-41),
        CreatedAt = Now,
    };

    /// <summary>The hosts and guests behind these records.</summary>
    public static SimulatedCloudOptions Cloud { get; } = new()
    {
        Hosts =
        [
            .. new[] { "nv1", "nv2", "nv3" }.Select(name => new SimulatedHostOptions(name)
            {
                Folders = [new SimulatedFolder("/var/lib/libvirt/images", $"disk of {name}")],
            }),
        ],
        Guests =
        [
            Guest(Vm1, "vm1", "nv2", 1), Guest("2e40eea0-9d64-4aa3-9129-456ca3467600", "d1", "nv2", 2),
            Guest(Slow, "slow1", "nv1", 3), Guest(Idle, "idle1", "nv1", 4),
        ],
    };

    private static SimulatedGuestOptions Guest(string uuid, string name, string host, int number) => new(Guid.Parse(uuid), host, name)
    {
        MemoryMiB = 256,
        Disks = [new GuestDisk("vda", "file", $"/srv/{name}.qcow2", "qcow2", ReadOnly: false, Shareable: false, "disk", 1 << 20, 1 << 20)],
        Interfaces = [new GuestInterface($"52:54:00:00:00:0{number}", "bridge", "br0")],
    };

    public static Instance Server(string uuid, string name, string host, int minute) => new()
    {
        Uuid = Guid.Parse(uuid),
        DisplayName = name,
        DomainName = $"instance-{minute:x8}",
        Host = host,
        VmState = VmState.Active,
        PowerState = PowerState.Running,
        MemoryMiB = 256,
        Vcpus = 1,
        ProjectId = ApiHost.Project,
        UserId = User,
        CreatedAt = Now.AddMinutes(minute),
        UpdatedAt = Now.AddMinutes(minute),
        LaunchedAt = Now.AddMinutes(minute),
    };

    public static Migration Migration(int id, string uuid, string server, MigrationStatus status)
    {
        var counted = status is MigrationStatus.Running;
        var migration = new Migration
        {
            Id = id,
            Uuid = Guid.Parse(uuid),
            InstanceUuid = Guid.Parse(server),
            RequestId = $"req-{uuid}",
            SourceCompute = "nv1",
            SourceNode = "nv1",
            DestCompute = "nv2",
            DestNode = "nv2",
            UserId = User,
            ProjectId = ApiHost.Project,
            CreatedAt = Now.AddMinutes(10 + id),
            SagaVersion = "live-migration:1",
            SagaState = new LiveMigrationState
            {
                Instance = Guid.Parse(server),
                Migration = Guid.Parse(uuid),
                RequestId = $"req-{uuid}",
                Source = "nv1",
                Options = new TransferOptions { BandwidthMiBps = 200, PermitPostCopy = true },
                MigrationAddress = "192.0.2.9",
            }.ToJson(),
            MemoryTotalBytes = counted ? 269230080 : null,
            MemoryProcessedBytes = counted ? 57961446 : null,
            MemoryRemainingBytes = counted ? 198209536 : null,
            DiskTotalBytes = counted ? 0 : null,
            DiskProcessedBytes = counted ? 0 : null,
            DiskRemainingBytes = counted ? 0 : null,
        };
        MigrationStatus[] path = [MigrationStatus.Queued, MigrationStatus.Preparing, MigrationStatus.Running, status];
        foreach (var next in path)
        {
            migration.MoveTo(next, Now.AddMinutes(11 + id));
            if (next == status)
            {
                break;
            }
        }

        return migration;
    }

    public static InstanceAction Action(string server, string request, string action, string? result = "Success")
    {
        var row = new InstanceAction
        {
            InstanceUuid = Guid.Parse(server),
            RequestId = request,
            Action = action,
            UserId = User,
            ProjectId = ApiHost.Project,
            StartTime = Now,
            UpdatedAt = Now,
            Message = result == "Error" ? "Error" : null,
        };
        foreach (var name in new[] { "conductor_live_migrate_instance", "compute_check_can_live_migrate_destination" })
        {
            row.Events.Add(new InstanceActionEvent
            {
                Event = name, Host = "nv1", StartTime = Now, FinishTime = Now, Result = result, Details = result == "Error" ? "because" : null,
            });
        }

        return row;
    }

    public static Instance Find(ControlPlaneDbContext db, string server) => db.Instances.Local.Single(row => row.Uuid == Guid.Parse(server));

    public static ComputeNode Host(ControlPlaneDbContext db, string host) => db.ComputeNodes.Local.Single(row => row.Host == host);
}
