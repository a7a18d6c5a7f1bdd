using LiveMigration.Core.Actions;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 4. The destination can give the guest its CPU and its machine, has everything that the guest is bound to, knows
/// nothing of it yet, and has made a probe file beside where the guest's disks would be. Whatever comes of it, <see cref="CleanUpDestinationCheck"/> must follow.
/// </summary>
public static class CheckCanLiveMigrateDestination
{
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Migration">Its UUID.</param>
    /// <param name="Guest">What the guest is made of.</param>
    /// <param name="Bindings">What ties it to its source.</param>
    /// <param name="Destination">Where it is to go.</param>
    public sealed record Request(
        string RequestId, int MigrationId, Guid Migration, GuestDescription Guest, GuestBindings Bindings, string Destination)
        : IRequest<Response>;

    /// <param name="Probe">The probe that the source should look for.</param>
    public sealed record Response(StorageProbe Probe);

    internal sealed class Handler(IComputeDriver driver, IHostBindings bindings, ProbeFiles probes, InstanceActionLog actions)
        : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) => actions.RecordAsync(
            request.RequestId, "compute_check_can_live_migrate_destination", request.Destination, () => CheckAsync(request, ct), ct);

        private async Task<Response> CheckAsync(Request request, CancellationToken ct)
        {
            var probing = probes.MakeAsync(
                request.MigrationId, request.Migration, request.Destination, LocalFolders(request.Guest), ct);
            try
            {
                await Task.WhenAll(
                    CompareCpuAsync(request, ct), RefuseAnotherCopyAsync(request, ct), RefuseWhatIsMissingAsync(request, ct), probing);
                return new Response(await probing);
            }
            catch
            {
                await Task.WhenAny(probing);
                if (probing.IsCompletedSuccessfully)
                {
                    await probes.TryRemoveAsync(request.MigrationId, request.Destination, await probing);
                }

                throw;
            }
        }

        private async Task CompareCpuAsync(Request request, CancellationToken ct)
        {
            var comparison = await driver.CompareCpuAsync(request.Destination, request.Guest, ct);
            if (!comparison.Compatible)
            {
                throw new MigrationPreCheckError(
                    $"Unacceptable CPU info: CPU doesn't have compatibility.\n\n{comparison.Explanation}\n\n"
                    + "Refer to http://libvirt.org/html/libvirt-libvirt-host.html#virCPUCompareResult");
            }
        }

        private async Task RefuseWhatIsMissingAsync(Request request, CancellationToken ct)
        {
            var offer = await bindings.OfferAsync(request.Destination, request.Bindings, ct);
            var lacks = HostBoundPolicy.At(request.Destination, request.Bindings, offer);
            if (lacks.Count > 0)
            {
                throw new MigrationPreCheckError($"{string.Join("; ", lacks)}.");
            }
        }

        private async Task RefuseAnotherCopyAsync(Request request, CancellationToken ct)
        {
            var there = await driver.FindGuestAsync(request.Destination, request.Guest.Uuid, ct);
            if (there is not null and not { State: GuestState.Off })
            {
                throw new MigrationPreCheckError(
                    $"{request.Destination} already has a guest {request.Guest.Uuid} ({there.Name}, {there.State}). "
                    + "Find out which copy is the right one before moving it.");
            }
        }

        private static List<string> LocalFolders(GuestDescription guest) =>
        [
            .. guest.Disks
                .Where(disk => disk.SourceType == "file" && disk.Path is not null)
                .SelectMany(disk => disk.Backing.Select(layer => layer.Path).OfType<string>().Prepend(disk.Path!))
                .Select(path => Path.GetDirectoryName(path)!)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }
}
