using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 7, "setup network on destination host, ensure filtering rules for instance": the rules that the guest's
/// interfaces name are there before the guest comes. Its taps are made by libvirt when it does.
/// </summary>
public static class SetUpNetworksAtDestination
{
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Source">The host whose rules are copied.</param>
    /// <param name="Destination">The host to set up.</param>
    /// <param name="Plan">What the checks found.</param>
    public sealed record Request(string RequestId, string Source, string Destination, NetworkPlan Plan) : IRequest<Response>;

    /// <summary>All rules are there.</summary>
    public sealed record Response;

    internal sealed class Handler(INetworkService networks, PreparationEvent preparation) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) => request.Plan.Rules.Count == 0
            ? Task.FromResult(new Response())
            : preparation.CoverAsync(request.RequestId, request.Destination, () => EnsureRulesAsync(request, ct), ct);

        private async Task<Response> EnsureRulesAsync(Request request, CancellationToken ct)
        {
            var there = await networks.LookAsync(request.Destination, new NetworkQuestion([], [], request.Plan.Rules), ct);
            var missing = request.Plan.Rules.Except(there.Rules.Select(rule => rule.Name), StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                await CopyAsync(request, missing, ct);
            }

            return new Response();
        }

        private async Task CopyAsync(Request request, List<string> missing, CancellationToken ct)
        {
            var here = await networks.LookAsync(request.Source, new NetworkQuestion([], [], request.Plan.Rules), ct);

            // In the order in which they were told: a rule after those that it refers to.
            foreach (var rule in here.Rules.Where(rule => missing.Contains(rule.Name, StringComparer.Ordinal)))
            {
                await networks.EnsureRuleAsync(request.Destination, rule, ct);
            }
        }
    }
}
