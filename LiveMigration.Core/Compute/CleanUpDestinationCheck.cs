using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Seed step 4, its end: removes the probe files, whatever the checks said.</summary>
public static class CleanUpDestinationCheck
{
    /// <param name="Destination">The host that made them.</param>
    /// <param name="Probe">What it made.</param>
    public sealed record Request(string Destination, StorageProbe Probe) : IRequest<Response>;

    /// <summary>None is left.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            foreach (var folder in request.Probe.Folders)
            {
                await driver.RemoveStorageProbeAsync(request.Destination, folder, request.Probe.Name, ct);
            }

            return new Response();
        }
    }
}
