using LiveMigration.Core.Drivers;
using MediatR;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 4, the network's part: the destination has every bridge that the guest needs, with packets at least as large,
/// and no filtering rule of the same name that says something else.
/// </summary>
public static partial class CheckNetworkAtDestination
{
    /// <param name="Guest">What the guest is made of.</param>
    /// <param name="Source">Where it runs.</param>
    /// <param name="Destination">Where it is to go.</param>
    public sealed record Request(GuestDescription Guest, string Source, string Destination) : IRequest<Response>;

    /// <param name="Plan">How it will be plugged in.</param>
    public sealed record Response(NetworkPlan Plan);

    internal sealed partial class Handler(INetworkService networks, ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var (guest, from, to) = (request.Guest, networks.OptionsOf(request.Source), networks.OptionsOf(request.Destination));
            var lookingHere = LookAsync(request.Source, NetworkPlanner.AskSource(guest), ct);

            // Which rules to look for there only the source knows; where there are none, both are asked at once.
            var rules = guest.Interfaces.Any(nic => nic.Rule is not null) ? (await lookingHere).Rules : [];
            var lookingThere = LookAsync(request.Destination, NetworkPlanner.AskDestination(guest, from, to, rules), ct);
            await Task.WhenAll(lookingHere, lookingThere);
            var plan = NetworkPlanner.Plan(guest, request.Destination, from, to, await lookingHere, await lookingThere);
            foreach (var gap in plan.NotChecked)
            {
                LogNotChecked(request.Guest.Uuid, request.Destination, gap);
            }

            return new Response(plan);
        }

        private Task<HostNetworks> LookAsync(string host, NetworkQuestion question, CancellationToken ct) =>
            question.IsEmpty ? Task.FromResult(HostNetworks.Nothing) : networks.LookAsync(host, question, ct);

        [LoggerMessage(LogLevel.Warning, "Guest {Guest} to {Host}: not checked beforehand: {What}")]
        private partial void LogNotChecked(Guid guest, string host, string what);
    }
}
