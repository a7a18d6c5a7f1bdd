using LiveMigration.Core.Actions;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 8. From here on the instance is recorded on its new host. Unlike Nova's, its task state stays until the
/// migration is completed, so that a client that sees it free can count on the migration being over.
/// </summary>
public static class PostLiveMigrationAtDestination
{
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Destination">The host it runs on.</param>
    public sealed record Request(string RequestId, Guid Instance, string Destination) : IRequest<Response>;

    /// <summary>The record says where the guest is.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IComputeDriver driver, InstanceActionLog actions, IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) => actions.RecordAsync(
            request.RequestId, "compute_post_live_migration_at_destination", request.Destination, () => SettleAsync(request, ct), ct);

        private async Task<Response> SettleAsync(Request request, CancellationToken ct)
        {
            var guest = await driver.FindGuestAsync(request.Destination, request.Instance, ct);
            await using var db = await contexts.CreateDbContextAsync(ct);
            var instance = (await db.FindInstanceAsync(request.Instance, ct))!;
            instance.Host = request.Destination;
            instance.PowerState = guest.ToPowerState();
            if (guest?.ToSighting() == Sighting.Absent)
            {
                // It was shut down, or crashed, between its arrival and now.
                instance.VmState = guest.ToVmState();
            }

            instance.UpdatedAt = time.GetUtcNow().UtcDateTime;
            await db.SaveChangesAsync(ct);
            return new Response();
        }
    }
}
