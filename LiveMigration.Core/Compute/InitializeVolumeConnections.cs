using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Seed step 7. The destination is let in to the guest's volumes. Taken back by <see cref="RemoveVolumeConnection"/>.</summary>
public static class InitializeVolumeConnections
{
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Destination">The host that is to use them.</param>
    /// <param name="Volumes">The guest's volumes.</param>
    public sealed record Request(string RequestId, string Destination, IReadOnlyList<VolumeAttachment> Volumes) : IRequest<Response>;

    /// <summary>The destination may use them all.</summary>
    public sealed record Response;

    internal sealed class Handler(VolumeAccess access, PreparationEvent preparation) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            preparation.CoverAsync(request.RequestId, request.Destination, () => OpenAsync(request, ct), ct);

        private async Task<Response> OpenAsync(Request request, CancellationToken ct)
        {
            foreach (var attachment in request.Volumes)
            {
                await access.OpenAsync(attachment.Volume, request.Destination, ct);
            }

            return new Response();
        }
    }
}
