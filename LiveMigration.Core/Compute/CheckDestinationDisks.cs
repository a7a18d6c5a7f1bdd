using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 5, its other half: nothing stands at the destination where the guest's files are to be, unless a migration
/// that is over has left it. Changes nothing.
/// </summary>
public static class CheckDestinationDisks
{
    private const int SynchronousWritesSince = 8_000_000;

    /// <param name="Migration">The migration.</param>
    /// <param name="Source">Where the guest runs.</param>
    /// <param name="Destination">Where it is to go.</param>
    /// <param name="MigrateData">What the source has decided.</param>
    public sealed record Request(Guid Migration, string Source, string Destination, MigrateData MigrateData) : IRequest<Response>;

    /// <param name="MigrateData">With how its disks can be copied.</param>
    public sealed record Response(MigrateData MigrateData);

    internal sealed class Handler(IComputeDriver driver, DiskOwners owners) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var asking = Task.WhenAll(
                driver.GetHostFactsAsync(request.Source, ct), driver.GetHostFactsAsync(request.Destination, ct));
            foreach (var file in request.MigrateData.Files)
            {
                Refuse(request.Destination, file, await owners.LookAsync(request.Migration, request.Destination, file, ct));
            }

            var synchronous = (await asking).All(host => host.LibvirtVersion >= SynchronousWritesSince);
            return new Response(request.MigrateData with { SynchronousWrites = synchronous });
        }

        private static void Refuse(string destination, DiskFile file, FoundFile found)
        {
            if (file.ReadOnly && found.IsForeign && found.Image!.FileBytes != file.CapacityBytes)
            {
                throw new MigrationPreCheckError(
                    $"{destination} has another {file.Path} ({found.Image.FileBytes} bytes, not {file.CapacityBytes}), which {file.Target} "
                    + "needs. Make both hosts' files the same.");
            }

            if (!file.ReadOnly && (found.IsForeign || found.Others.Count > 0))
            {
                throw new MigrationPreCheckError(
                    $"{destination} already has {file.Path}, where {file.Target} is to be, and no migration that is over has left it. "
                    + "Find out whose it is, and move it away.");
            }
        }
    }
}
