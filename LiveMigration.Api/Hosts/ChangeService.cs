using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary>What an operator may change of a host; both styles of <c>PUT /os-services</c> end here.</summary>
internal static class ChangeService
{
    /// <param name="NodeId">The host's row.</param>
    /// <param name="Enabled">Null leaves it as it is.</param>
    /// <param name="DisabledReason">Kept with <paramref name="Enabled"/> false, dropped with true.</param>
    /// <param name="ForcedDown">Null leaves it as it is.</param>
    internal sealed record Request(int NodeId, bool? Enabled, string? DisabledReason, bool? ForcedDown) : IRequest<ComputeNode>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, ComputeNode>
    {
        public async Task<ComputeNode> Handle(Request request, CancellationToken cancellationToken)
        {
            // One statement that touches these columns only: the inventory writes the same row all the time.
            var row = db.ComputeNodes.Where(node => node.Id == request.NodeId);
            if (request.Enabled is { } enabled)
            {
                var reason = enabled ? null : request.DisabledReason;
                await row.ExecuteUpdateAsync(
                    set => set.SetProperty(node => node.Enabled, enabled).SetProperty(node => node.DisabledReason, reason),
                    cancellationToken);
            }

            if (request.ForcedDown is { } forced)
            {
                await row.ExecuteUpdateAsync(set => set.SetProperty(node => node.ForcedDown, forced), cancellationToken);
            }

            return await row.AsNoTracking().SingleAsync(cancellationToken);
        }
    }
}
