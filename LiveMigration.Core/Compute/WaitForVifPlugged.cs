using LiveMigration.Core.Drivers;
using LiveMigration.Core.Settings;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 6, "wait vif plugged", before the transfer: with <c>WaitForVifPlug</c> = <c>hold</c> nothing is sent until
/// the destination can take the guest's interfaces. With <c>slow</c> the transfer itself waits, see <see cref="RunLiveMigration"/>.
/// </summary>
public static class WaitForVifPlugged
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Destination">The host to wait for.</param>
    /// <param name="Plan">What the checks found.</param>
    public sealed record Request(int MigrationId, string RequestId, Guid Instance, string Destination, NetworkPlan Plan) : IRequest<Response>;

    /// <summary>It is ready, or need not be.</summary>
    public sealed record Response;

    internal sealed class Handler(
        INetworkService networks, VifPlugging plugging, VifEvents events, PreparationEvent preparation, LiveMigrationSettings settings)
        : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            settings.WaitForVifPlug == VifPlugging.Hold && request.Plan.Interfaces.Any(nic => nic.Bridge is not null)
                ? preparation.CoverAsync(request.RequestId, request.Destination, () => WaitAsync(request, ct), ct)
                : Task.FromResult(new Response());

        private async Task<Response> WaitAsync(Request request, CancellationToken ct)
        {
            try
            {
                await plugging.WaitAsync(request.MigrationId, request.Destination, token => FindMissingAsync(request, token), ct);
                return new Response();
            }
            finally
            {
                events.Forget(request.Instance);
            }
        }

        // A tap can't be there before its guest; what can be is the bridge that it will be plugged into.
        private async Task<IReadOnlyList<string>> FindMissingAsync(Request request, CancellationToken ct)
        {
            var awaited = request.Plan.Interfaces.Where(nic => !events.IsPlugged(request.Instance, nic.Mac));
            List<string> bridges = [.. awaited.Select(nic => nic.Bridge).OfType<string>().Distinct(StringComparer.Ordinal)];
            if (bridges.Count == 0)
            {
                return [];
            }

            var seen = await networks.LookAsync(request.Destination, new NetworkQuestion(bridges, [], []), ct);
            return
            [
                .. bridges.Where(bridge => !seen.NotKnown.ContainsKey(bridge) && seen.Links.GetValueOrDefault(bridge) is not { Up: true })
                    .Select(bridge => $"the bridge {bridge} is not up"),
            ];
        }
    }
}
