using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Seed step 7. The destination is let in to the guest's volumes. Taken back by <see cref="RemoveVolumeConnection"/>.</summary>
public static class InitializeVolumeConnections
{
    /// <param name="Destination">The host that is to use them.</param>
    /// <param name="Volumes">The guest's volumes.</param>
    public sealed record Request(string Destination, IReadOnlyList<VolumeAttachment> Volumes) : IRequest<Response>;

    /// <summary>The destination may use them all.</summary>
    public sealed record Response;

    internal sealed class Handler(VolumeAccess access) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            foreach (var attachment in request.Volumes)
            {
                await access.OpenAsync(attachment.Volume, request.Destination, ct);
            }

            return new Response();
        }
    }
}
