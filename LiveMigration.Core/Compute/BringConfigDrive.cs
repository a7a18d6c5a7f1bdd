using LiveMigration.Core.ConfigDrives;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Makes a server's config drive and brings it to its host. What is on it comes of the record, straight from memory: user
/// data holds passwords as a rule, and stands in no journal and in no file of the controller's.
/// </summary>
public static class BringConfigDrive
{
    /// <param name="Instance">The instance.</param>
    /// <param name="Host">Its host.</param>
    /// <param name="Path">Where the drive goes.</param>
    public sealed record Request(Guid Instance, string Host, string Path) : IRequest<Response>;

    /// <summary>It is there.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts, IGuestBuilder builder, ServerSettings settings) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var drive = await MakeAsync(request, ct);
            await builder.WriteFileAsync(request.Host, new NewGuestFile(request.Path, new FileInMemory(drive), DiskBytes: null), ct);
            return new Response();
        }

        private async Task<byte[]> MakeAsync(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var server = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == request.Instance, ct);
            var zone = Aggregate.ZoneOf(request.Host, await db.Aggregates.AsNoTracking().ToListAsync(ct));
            return ConfigDrive.Write(server, zone, settings.Networks);
        }
    }
}
