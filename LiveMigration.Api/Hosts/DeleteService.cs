using System.Globalization;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary>
/// <c>DELETE /os-services/{id}</c>: forgets a host that holds nothing. One that is still in the configuration is back after
/// the next start, as a Nova service is that was deleted and is still running.
/// </summary>
internal static class DeleteService
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/v2.1/os-services/{id}", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:os-services:delete");
            var (uuid, number) = Read(id, context.Version());
            await mediator.Send(new Request(id, uuid, number), ct);
            return NovaJson.NoContent();
        })
        .WithTags("Hosts").WithName("DeleteService").WithSummary("Forgets a host that holds no servers and no migrations.");

    private static (Guid Uuid, int Number) Read(string id, Microversion version)
    {
        if (version.AtLeast(53))
        {
            return Guid.TryParseExact(id, "D", out var uuid) ? (uuid, 0) : throw HttpFault.BadRequest($"Invalid uuid {id}");
        }

        return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (Guid.Empty, number)
            : throw HttpFault.BadRequest($"Invalid input received: Invalid value given for 'service_id': {PythonText.Repr(id)} is not an integer");
    }

    /// <param name="Id">As the client wrote it.</param>
    /// <param name="Uuid">The service's id from 2.53 on.</param>
    /// <param name="Number">The id of older versions.</param>
    internal sealed record Request(string Id, Guid Uuid, int Number) : IRequest<Response>;

    internal sealed record Response;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var node = await db.ComputeNodes.SingleOrDefaultAsync(
                row => row.Configured && (row.ServiceUuid == request.Uuid || row.Id == request.Number), cancellationToken)
                ?? throw HttpFault.NotFound($"Service {request.Id} could not be found.");
            if (await db.Instances.AnyAsync(row => row.Host == node.Host && row.VmState != VmState.Deleted, cancellationToken))
            {
                throw new HttpFault(
                    StatusCodes.Status409Conflict,
                    "Unable to delete compute service that is hosting instances. Migrate or delete the instances first.");
            }

            if (await db.Migrations.AnyAsync(
                row => row.FinishedAt == null && (row.SourceCompute == node.Host || row.DestCompute == node.Host), cancellationToken))
            {
                throw new HttpFault(
                    StatusCodes.Status409Conflict,
                    "Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first.");
            }

            foreach (var aggregate in (await db.Aggregates.ToListAsync(cancellationToken)).Where(row => row.Hosts.Contains(node.Host, StringComparer.Ordinal)))
            {
                aggregate.Hosts = [.. aggregate.Hosts.Where(host => host != node.Host)];
            }

            node.Configured = false;
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new Response();
        }
    }
}
