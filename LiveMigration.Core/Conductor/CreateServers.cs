using System.Globalization;
using LiveMigration.Core.ConfigDrives;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Images;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Records servers that are to be made, and queues their builds. Records, actions and builds in one transaction.</summary>
public static class CreateServers
{
    /// <param name="Name">What they are called; several get a number each.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Image">The image's id.</param>
    /// <param name="Flavor">The flavor's id.</param>
    /// <param name="Networks">The networks to plug them into; null for the first that there is, none for no network.</param>
    /// <param name="Host">The host that was asked for; null for any.</param>
    /// <param name="Filtered">False to go there without asking the filters.</param>
    /// <param name="Origin">What else was asked for.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(
        string Name, int Count, Guid Image, string Flavor, IReadOnlyList<Guid>? Networks, string? Host, bool Filtered, InstanceOrigin Origin, Caller Caller)
        : IRequest<Response>
    {
        /// <summary>What they are for.</summary>
        public string? Description { get; init; }

        /// <summary>What their owner notes about them.</summary>
        public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

        /// <summary>Words for them.</summary>
        public IReadOnlyList<string> Tags { get; init; } = [];

        /// <summary>The availability zone that they must stay in; null for any.</summary>
        public string? Zone { get; init; }

        /// <summary>The group that they join; null for none.</summary>
        public Guid? Group { get; init; }
    }

    /// <param name="Instances">Their ids.</param>
    public sealed record Response(IReadOnlyList<Guid> Instances);

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        ImageCatalog images,
        ServerSettings settings,
        BuildInstanceSaga saga,
        IInstanceQueue queue,
        IIdSource ids,
        TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var image = images.Find(request.Image) ?? throw new ImageNotFound();
            var networks = Networks(request.Networks);
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var flavor = await db.Flavors.AsNoTracking().SingleOrDefaultAsync(row => row.FlavorId == request.Flavor, ct)
                ?? throw new FlavorNotFound(request.Flavor);
            if (!flavor.IsPublic && !request.Caller.IsAdmin && !flavor.Projects.Contains(request.Caller.ProjectId, StringComparer.Ordinal))
            {
                throw new FlavorNotFound(request.Flavor);
            }

            if (request is { Host: { } host, Filtered: true } && !await db.ComputeNodes.AnyAsync(row => row.Host == host && row.Configured, ct))
            {
                throw new ComputeHostNotFound(host);
            }

            if (request.Group is { } group && !await db.ServerGroups.AnyAsync(row => row.Uuid == group, ct))
            {
                throw new InstanceGroupNotFound(group.ToString());
            }

            Fit(image, flavor);
            List<InstanceBuild> builds = [];
            for (var index = 0; index < request.Count; index++)
            {
                builds.Add(Record(db, request, index, image, flavor, networks));
            }

            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            builds.ForEach(build => queue.EnqueueBuild(build.Id));
            return new Response([.. builds.Select(build => build.InstanceUuid)]);
        }

        private List<GuestNetwork> Networks(IReadOnlyList<Guid>? wanted) => wanted is null
            ? [.. settings.Networks.Take(1)]
            : [.. wanted.Select(id => settings.Networks.FirstOrDefault(network => network.Id == id) ?? throw new NetworkNotFound(id.ToString()))];

        private static void Fit(CatalogImage image, Flavor flavor)
        {
            if (flavor.MemoryMiB < image.MinRamMiB)
            {
                throw new FlavorTooSmall("Flavor's memory is too small for requested image.");
            }

            var (disk, needed) = ((long)flavor.DiskGiB << 30, Math.Max(image.VirtualBytes, (long)image.MinDiskGiB << 30));
            if (flavor.DiskGiB > 0 && disk < needed)
            {
                throw new FlavorTooSmall(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Flavor's disk is too small for requested image. Flavor disk is {disk} bytes, image is {needed} bytes."));
            }
        }

        private InstanceBuild Record(
            ControlPlaneDbContext db, Request request, int index, CatalogImage image, Flavor flavor, List<GuestNetwork> networks)
        {
            var now = time.GetUtcNow().UtcDateTime;
            var instance = Instance(request, index, image, flavor, networks, now);
            var state = State(request, instance, image, flavor);
            instance.Origin = instance.Origin with { Files = state.Files() };
            var build = new InstanceBuild
            {
                InstanceUuid = instance.Uuid,
                RequestId = request.Caller.RequestId,
                SagaVersion = saga.Version,
                SagaState = state.ToJson(),
                CreatedAt = now,
            };
            db.Instances.Add(instance);
            db.InstanceBuilds.Add(build);
            if (request.Group is { } group)
            {
                db.ServerGroupMembers.Add(new ServerGroupMember { InstanceUuid = instance.Uuid, GroupUuid = group });
            }

            db.InstanceActions.Add(new InstanceAction
            {
                InstanceUuid = instance.Uuid,
                RequestId = request.Caller.RequestId,
                Action = "create",
                UserId = request.Caller.UserId,
                ProjectId = request.Caller.ProjectId,
                StartTime = now,
                UpdatedAt = now,
            });
            return build;
        }

        private Instance Instance(
            Request request, int index, CatalogImage image, Flavor flavor, List<GuestNetwork> networks, DateTime now)
        {
            var uuid = ids.NewGuid();
            var disk = DiskBytes(image, flavor);
            var name = request.Count == 1 ? request.Name : string.Create(CultureInfo.InvariantCulture, $"{request.Name}-{index + 1}");
            return new Instance
            {
                Uuid = uuid,
                IsMade = true,
                DisplayName = name,
                Description = request.Description,
                DomainName = $"instance-{uuid.ToString("N")[..8]}",
                Host = "",
                VmState = VmState.Building,
                TaskState = TaskState.Scheduling,
                PowerState = PowerState.NoState,
                MemoryMiB = flavor.MemoryMiB,
                Vcpus = flavor.Vcpus,
                DiskGiB = (disk + (1L << 30) - 1) >> 30,
                ProjectId = request.Caller.ProjectId,
                UserId = request.Caller.UserId,
                FlavorId = flavor.FlavorId,
                FlavorName = flavor.Name,
                ImageId = image.Id,
                PinnedAvailabilityZone = request.Zone,
                Metadata = new Dictionary<string, string>(request.Metadata, StringComparer.Ordinal),
                Tags = [.. request.Tags],
                CreatedAt = now,
                UpdatedAt = now,
                Origin = request.Origin with
                {
                    Nics = [.. networks.Select(network => new InstanceNic(network.Id, network.Name, network.Bridge, NewMac()))],
                    EphemeralGiB = flavor.EphemeralGiB,
                    SwapMiB = flavor.SwapMiB,
                    RootGiB = flavor.DiskGiB,
                    ExtraSpecs = flavor.ExtraSpecs,
                    LaunchIndex = index,
                },
            };
        }

        private BuildInstanceState State(Request request, Instance instance, CatalogImage image, Flavor flavor)
        {
            // The server's id in the names is the mark by which these files are known to be its own.
            var folder = settings.DiskFolder.TrimEnd('/');
            var path = $"{folder}/{instance.Uuid}";
            return new BuildInstanceState
            {
                Instance = instance.Uuid,
                RequestId = request.Caller.RequestId,
                DomainName = instance.DomainName,
                Title = instance.DisplayName,
                Image = image.Id,
                MemoryMiB = instance.MemoryMiB,
                Vcpus = instance.Vcpus,
                DiskBytes = DiskBytes(image, flavor),
                DiskPath = $"{path}.{image.Format}",
                KernelPath = image.Kernel is null ? null : $"{path}.kernel",
                InitramfsPath = image.Initramfs is null ? null : $"{path}.initramfs",
                ConfigDrivePath = instance.Origin.HasConfigDrive ? $"{folder}/{ConfigDrive.NameOf(instance.Uuid)}" : null,
                ConsolePath = $"{path}.console.log",
                Nics = instance.Origin.Nics,
                RequestedHost = request.Host,
                Filtered = request.Filtered,
            };
        }

        private static long DiskBytes(CatalogImage image, Flavor flavor) => flavor.DiskGiB > 0 ? (long)flavor.DiskGiB << 30 : image.VirtualBytes;

        // QEMU's own range of addresses.
        private string NewMac()
        {
            var bytes = ids.NewGuid().ToByteArray(bigEndian: true);
            return string.Create(CultureInfo.InvariantCulture, $"52:54:00:{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}");
        }
    }
}
