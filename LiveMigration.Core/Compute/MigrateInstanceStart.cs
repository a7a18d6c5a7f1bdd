using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 6, "unfilter instance, migrate instance start, unplug vifs": the guest has left, and with it libvirt has
/// removed its taps and lifted its rules there. The rules' definitions go too if an earlier migration had brought them.
/// A source that does not answer does not hold the guest up.
/// </summary>
public static partial class MigrateInstanceStart
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="Source">The host that the guest has left.</param>
    /// <param name="Plan">What the checks found.</param>
    public sealed record Request(int MigrationId, string Source, NetworkPlan Plan) : IRequest<Response>;

    /// <summary>Nothing of ours is left that nobody uses, or the host keeps silent.</summary>
    public sealed record Response;

    internal sealed partial class Handler(IComputeDriver driver, UnusedRules rules, ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            try
            {
                await rules.RemoveAsync(request.MigrationId, request.Source, request.Plan, ct);
            }
            catch (HypervisorUnavailable silent) when (!driver.GetLink(request.Source).Open)
            {
                LogLeft(request.Source, string.Join(", ", request.Plan.Rules), silent.Message);
            }

            return new Response();
        }

        [LoggerMessage(LogLevel.Warning, "{Host} may keep the filtering rules {Rules}, which nobody uses: {Reason}")]
        private partial void LogLeft(string host, string rules, string reason);
    }
}
