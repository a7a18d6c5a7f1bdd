using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Asks every host whether it has a guest that is to be removed, and concludes whether it may go.</summary>
public static class FindGuestHomes
{
    /// <param name="Guest">The guest.</param>
    /// <param name="RecordedHost">Where its record says it is; empty when it never had a host.</param>
    public sealed record Request(Guid Guest, string RecordedHost) : IRequest<Response>;

    /// <param name="Homes">The hosts that have it, running or only defined.</param>
    /// <param name="Objection">Why it may not go now; null when it may.</param>
    public sealed record Response(IReadOnlyList<string> Homes, string? Objection);

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            if (request.RecordedHost.Length == 0)
            {
                return new Response([], null);
            }

            var answers = await Task.WhenAll(driver.Hosts.Select(host => AskAsync(host, request.Guest, ct)));
            var homes = answers.Where(answer => answer.Guest is not null).ToList();
            var living = homes.Where(answer => answer.Guest.ToSighting() is not Sighting.Absent).Select(answer => answer.Host).ToList();
            var silent = answers.Where(answer => answer.Silence is not null).ToList();
            return new Response([.. homes.Select(answer => answer.Host)], Objection(request, homes, living, silent));
        }

        /// <summary>A guest that lives on its host can't live on one that is silent; where it is not seen, nobody may be silent.</summary>
        private static string? Objection(
            Request request, List<Answer> homes, List<string> living, List<Answer> silent)
        {
            if (living.Count > 1)
            {
                return $"the guest runs on {string.Join(" and on ", living)}: stop all but one by hand";
            }

            if (homes.Find(answer => answer.Guest!.State is GuestState.Incoming or GuestState.PausedMigrated or GuestState.PausedPostCopy) is { } moving)
            {
                return $"the guest is {moving.Guest!.State} on {moving.Host}: somebody else moves it";
            }

            var ownIsSilent = silent.Find(answer => answer.Host == request.RecordedHost);
            return ownIsSilent is not null ? ownIsSilent.Silence
                : living.Count == 0 && homes.TrueForAll(answer => answer.Host != request.RecordedHost) && silent.Count > 0 ? silent[0].Silence
                : null;
        }

        private async Task<Answer> AskAsync(string host, Guid guest, CancellationToken ct)
        {
            try
            {
                return new Answer(host, await driver.FindGuestAsync(host, guest, ct), null);
            }
            catch (HypervisorUnavailable away)
            {
                return new Answer(host, null, away.Message);
            }
        }

        private sealed record Answer(string Host, GuestObservation? Guest, string? Silence);
    }
}
