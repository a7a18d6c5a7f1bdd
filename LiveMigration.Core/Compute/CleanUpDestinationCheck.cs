using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Seed step 4, its end: removes the probe files, whatever the checks said.</summary>
public static class CleanUpDestinationCheck
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Destination">The host that made them.</param>
    /// <param name="Probe">What it made.</param>
    /// <param name="Refused">True when the checks have found a reason against the host, which a probe that it does not remove now must not hide.</param>
    public sealed record Request(int MigrationId, string Destination, StorageProbe Probe, bool Refused) : IRequest<Response>;

    /// <summary>None is left, or what may be left is noted.</summary>
    public sealed record Response;

    internal sealed class Handler(ProbeFiles probes) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await (request.Refused
                ? probes.TryRemoveAsync(request.MigrationId, request.Destination, request.Probe)
                : probes.RemoveAsync(request.MigrationId, request.Destination, request.Probe, ct));
            return new Response();
        }
    }
}
