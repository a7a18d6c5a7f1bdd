using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 7, "create image and backing": every file that the destination lacks is made there. What the guest writes
/// is made empty, of the right format, size and chain, for the move to fill; what nobody writes is copied and its
/// checksum compared. Each file is marked before it is made; what a dead migration left in its place is removed first.
/// </summary>
public static class CreateDisks
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Migration">The migration.</param>
    /// <param name="Source">Where the guest runs.</param>
    /// <param name="Destination">Where it is to go.</param>
    /// <param name="Files">What to make.</param>
    /// <param name="Afresh">True to make again what the guest writes: a transfer may have filled a part of it.</param>
    public sealed record Request(
        string RequestId, Guid Migration, string Source, string Destination, IReadOnlyList<DiskFile> Files, bool Afresh)
        : IRequest<Response>;

    /// <summary>All of them are there.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IDiskImages images, DiskOwners owners, CopiedDisks copied, PreparationEvent preparation) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            preparation.CoverAsync(request.RequestId, request.Destination, () => CreateAsync(request, ct), ct);

        private async Task<Response> CreateAsync(Request request, CancellationToken ct)
        {
            await DemandSpaceAsync(request, ct);
            foreach (var file in request.Files.Where(file => !(request.Afresh && file.ReadOnly)))
            {
                var found = await owners.LookAsync(request.Migration, request.Destination, file, ct);
                await (file.ReadOnly ? BringAsync(request, file, found, ct) : MakeAsync(request, file, found, ct));
            }

            return new Response();
        }

        /// <summary>The room was promised; whether it is really there is asked again, now that it is about to be used.</summary>
        private async Task DemandSpaceAsync(Request request, CancellationToken ct)
        {
            foreach (var folder in request.Files.GroupBy(file => file.Folder, StringComparer.Ordinal))
            {
                var space = await images.FindSpaceAsync(request.Destination, folder.Key, ct)
                    ?? throw new MigrationError($"{request.Destination} has no folder {folder.Key} any more.");
                var need = folder.Sum(file => file.AllocationBytes);
                if (!request.Afresh && space.AvailableBytes < need)
                {
                    throw new MigrationError(
                        $"{request.Destination} has {space.AvailableBytes} bytes left in {folder.Key}, {need} are needed. Make room there.");
                }
            }
        }

        private async Task MakeAsync(Request request, DiskFile file, FoundFile found, CancellationToken ct)
        {
            if (found.IsForeign || found.Others.Count > 0)
            {
                throw new MigrationError(
                    $"{request.Destination} already has {file.Path}, and no migration that is over has left it. "
                    + "Find out whose it is, and move it away.");
            }

            await RemoveDeadAsync(request, file, found, ct);
            if (found.Ours && request.Afresh)
            {
                await RemoveAsync(request.Migration, request.Destination, file, ct);
            }

            await MarkAsync(request, file, ct);
            var backing = file.BackingPath is null ? null : new DiskLayer(file.BackingPath, file.BackingFormat!);
            var details = new ImageDetails(file.Compat, file.ClusterBytes);
            await images.CreateAsync(
                request.Destination,
                new NewDiskImage(file.Path, file.Format, file.CapacityBytes, backing, details) { HasAllRoom = file.IsFull },
                ct);
        }

        private async Task BringAsync(Request request, DiskFile file, FoundFile found, CancellationToken ct)
        {
            if (found.Others.Count > 0)
            {
                throw new StepNotReady($"{request.Destination}: migration {found.Others[0]} is bringing {file.Path}", Soon);
            }

            await RemoveDeadAsync(request, file, found, ct);
            if (found.Ours && found.Image is not null)
            {
                // Perhaps only a part of it: its maker may have died over it.
                await RemoveAsync(request.Migration, request.Destination, file, ct);
            }

            var sum = found.IsForeign ? await images.HashAsync(request.Source, file.Path, ct) : await CopyAsync(request, file, ct);
            if (!string.Equals(sum, await images.HashAsync(request.Destination, file.Path, ct), StringComparison.Ordinal))
            {
                throw new MigrationError(
                    $"{file.Path} on {request.Destination} is not the same as on {request.Source} (SHA-256 there {sum}). "
                    + "Make both hosts' files the same, or remove the wrong one.");
            }
        }

        private async Task<string> CopyAsync(Request request, DiskFile file, CancellationToken ct)
        {
            await MarkAsync(request, file, ct);
            return await images.CopyAsync(request.Source, request.Destination, file.Path, ct);
        }

        private async Task RemoveDeadAsync(Request request, DiskFile file, FoundFile found, CancellationToken ct)
        {
            foreach (var dead in found.Dead)
            {
                await RemoveAsync(dead, request.Destination, file, ct);
            }

            if (found is { Needed.Count: > 0, Image: not null } && await images.RemoveAsync(request.Destination, file.Path, ct) is not null)
            {
                throw InUse(request.Destination, file);
            }
        }

        private async Task RemoveAsync(Guid migration, string host, DiskFile file, CancellationToken ct)
        {
            if (!await copied.RemoveMarkedAsync(migration, host, file, ct))
            {
                throw InUse(host, file);
            }
        }

        private static MigrationError InUse(string host, DiskFile file) =>
            new($"{host} has a guest that uses {file.Path}; it is left alone. Remove that guest first.");

        private Task MarkAsync(Request request, DiskFile file, CancellationToken ct) => images.CreateAsync(
            request.Destination,
            new NewDiskImage(DiskMarks.PathOf(request.Migration, file), "raw", CapacityBytes: 0, Backing: null, ImageDetails.None),
            ct);
    }
}
