using LiveMigration.Core.Compute;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Removes a server that is to go, as far as that can be done now: its guest, wherever it is, then what was made for it,
/// then its record. Each part looks first, so after a crash it is simply begun again; there is no way back.
/// </summary>
public static partial class RunDeletion
{
    /// <param name="Instance">The instance.</param>
    public sealed record Request(Guid Instance) : IRequest<Response>;

    /// <param name="Summary">What came of it, in one line for the dashboard.</param>
    public sealed record Response(string Summary);

    internal sealed partial class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        IMediator mediator,
        ToldReasons told,
        ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var instance = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == request.Instance, ct);
            if (instance.DeleteRequestedAt is null || instance.VmState == VmState.Deleted)
            {
                return new Response("nothing to do");
            }

            if (await db.Migrations.AnyAsync(row => row.InstanceUuid == instance.Uuid && row.FinishedAt == null, ct)
                || await db.InstanceBuilds.AnyAsync(row => row.InstanceUuid == instance.Uuid && row.FinishedAt == null, ct))
            {
                return new Response("waits: what is being done to it must end first");
            }

            try
            {
                return await RemoveAsync(db, instance, ct);
            }
            catch (ControlPlaneException exception)
            {
                return Waits(instance.Uuid, exception.Message);
            }
        }

        private async Task<Response> RemoveAsync(ControlPlaneDbContext db, Instance instance, CancellationToken ct)
        {
            var found = await mediator.Send(new FindGuestHomes.Request(instance.Uuid, instance.Host), ct);
            if (found.Objection is { } objection)
            {
                return Waits(instance.Uuid, objection);
            }

            foreach (var home in found.Homes)
            {
                await mediator.Send(new RemoveGuest.Request(home, instance.Uuid), ct);
            }

            if (instance.Origin.Files.Count > 0)
            {
                await RemoveFilesAsync(db, instance, found.Homes, ct);
            }

            await mediator.Send(new EndDeletion.Request(instance.Uuid), ct);
            told.Forget(instance.Uuid);
            LogGone(instance.Uuid, instance.Host);
            return new Response("removed");
        }

        private Response Waits(Guid instance, string reason)
        {
            // It is tried again every second; that is not told every second.
            if (told.IsNew(instance, reason))
            {
                LogWaits(instance, reason);
            }

            return new Response($"waits: {reason}");
        }

        /// <summary>Where it was last, and where moves may have left a part of it: nobody uses these files any more.</summary>
        private async Task RemoveFilesAsync(ControlPlaneDbContext db, Instance instance, IReadOnlyList<string> homes, CancellationToken ct)
        {
            var configured = await db.ComputeNodes.Where(row => row.Configured).Select(row => row.Host).ToListAsync(ct);
            var ends = await db.Migrations.Where(row => row.InstanceUuid == instance.Uuid)
                .Select(row => new { row.SourceCompute, row.DestCompute }).ToListAsync(ct);
            var hosts = homes.Append(instance.Host).Concat(ends.SelectMany(end => new[] { end.SourceCompute, end.DestCompute }))
                .OfType<string>().Distinct(StringComparer.Ordinal).Where(configured.Contains);
            foreach (var host in hosts)
            {
                await mediator.Send(new RemoveFiles.Request(host, instance.Origin.Files), ct);
            }
        }

        [LoggerMessage(LogLevel.Information, "Server {Instance} was removed from {Host}")]
        private partial void LogGone(Guid instance, string host);

        [LoggerMessage(LogLevel.Warning, "Server {Instance} can't be removed yet: {Reason}")]
        private partial void LogWaits(Guid instance, string reason);
    }
}
