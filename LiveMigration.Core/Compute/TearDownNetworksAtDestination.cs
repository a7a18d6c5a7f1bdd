using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 10, "setup network on destination host: tear down". Rules that a migration has put there go, unless a guest
/// uses them. A host that does not answer keeps them: a rule that nobody uses filters nothing, and the step that follows
/// is the one that notes what may be left there.
/// </summary>
public static partial class TearDownNetworksAtDestination
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Destination">The host to tidy.</param>
    /// <param name="Plan">What the checks found.</param>
    public sealed record Request(int MigrationId, string Destination, NetworkPlan Plan) : IRequest<Response>;

    /// <summary>Nothing of ours is left that nobody uses, or the host keeps silent.</summary>
    public sealed record Response;

    internal sealed partial class Handler(UnusedRules rules, ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            try
            {
                await rules.RemoveAsync(request.MigrationId, request.Destination, request.Plan, ct);
            }
            catch (HypervisorUnavailable silent)
            {
                LogLeft(request.Destination, string.Join(", ", request.Plan.Rules), silent.Message);
            }

            return new Response();
        }

        [LoggerMessage(LogLevel.Warning, "{Host} may keep the filtering rules {Rules}, which nobody uses: {Reason}")]
        private partial void LogLeft(string host, string rules, string reason);
    }
}
