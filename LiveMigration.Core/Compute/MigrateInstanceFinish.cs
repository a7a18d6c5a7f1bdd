using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 8, "setup network on destination host, migrate instance finish": the guest runs there; is it plugged in, with
/// its rules in force? QEMU has announced it. Whatever the answer, there is only forward: what is wrong is told, not undone.
/// </summary>
public static partial class MigrateInstanceFinish
{
    /// <param name="Instance">The guest.</param>
    /// <param name="Destination">The host it runs on.</param>
    /// <param name="Plan">What the checks found.</param>
    public sealed record Request(Guid Instance, string Destination, NetworkPlan Plan) : IRequest<Response>;

    /// <param name="Unplugged">The interfaces that are not plugged in; empty as it should be.</param>
    public sealed record Response(IReadOnlyList<string> Unplugged);

    internal sealed partial class Handler(INetworkService networks, ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            if (request.Plan.Interfaces.Count == 0)
            {
                return new Response([]);
            }

            try
            {
                var unplugged = await networks.FindUnpluggedAsync(request.Destination, request.Instance, request.Plan.Interfaces, ct);
                if (unplugged.Count > 0)
                {
                    LogUnplugged(request.Instance, request.Destination, string.Join(", ", unplugged));
                }

                return new Response(unplugged);
            }
            catch (ControlPlaneException exception) when (exception is HypervisorUnavailable or HypervisorRefused)
            {
                LogNotSeen(request.Instance, request.Destination, exception.Message);
                return new Response([]);
            }
        }

        [LoggerMessage(LogLevel.Error, "Guest {Guest} runs on {Host}, but is not plugged in there: {Interfaces}")]
        private partial void LogUnplugged(Guid guest, string host, string interfaces);

        [LoggerMessage(LogLevel.Warning, "Guest {Guest} runs on {Host}; whether it is plugged in could not be asked: {Reason}")]
        private partial void LogNotSeen(Guid guest, string host, string reason);
    }
}
