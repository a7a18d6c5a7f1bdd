using LiveMigration.Core.Drivers;
using LiveMigration.Core.Images;
using LiveMigration.Core.Settings;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Defines a server's guest on its host, in that host's own words for bridges.</summary>
public static class DefineGuest
{
    /// <param name="Host">The host.</param>
    /// <param name="Image">The image, for what its kernel is told.</param>
    /// <param name="Plan">The guest, with bridges by the names that all hosts agree upon.</param>
    public sealed record Request(string Host, Guid Image, GuestPlan Plan) : IRequest<Response>;

    /// <summary>It is defined, and off.</summary>
    public sealed record Response;

    internal sealed class Handler(IGuestBuilder builder, INetworkService networks, ImageCatalog images, ServerSettings settings) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var own = networks.OptionsOf(request.Host).Bridges.Own;
            var plan = request.Plan with
            {
                Nics = [.. request.Plan.Nics.Select(nic => nic with { Bridge = own.GetValueOrDefault(nic.Bridge, nic.Bridge) })],
                Machine = images.Find(request.Image)?.Properties.GetValueOrDefault("hw_machine_type"),
                Emulator = settings.Emulator,
                VirtType = settings.VirtType,
                CommandLine = request.Plan.Kernel is null ? null : images.Find(request.Image)?.CommandLine,
            };
            await builder.DefineAsync(request.Host, plan, ct);
            return new Response();
        }
    }
}
