using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>The pivot's question: both hosts are asked where the guest is. The only evidence that settles a transfer.</summary>
public static class FindRunningDomain
{
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">The host that it was to leave.</param>
    /// <param name="Destination">The host that it was to go to.</param>
    /// <param name="Migration">The migration's UUID, as in the mark.</param>
    public sealed record Request(Guid Instance, string Source, string Destination, Guid Migration) : IRequest<Response>;

    /// <param name="Observation">What became of the transfer.</param>
    public sealed record Response(PivotObservation Observation);

    internal sealed class Handler(IComputeDriver driver, TimeProvider time) : IRequestHandler<Request, Response>
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var asked = time.GetTimestamp();
            while (true)
            {
                var isMarked = false;

                // One after the other, in the direction in which it goes: asked at once, a guest that switches over between a quick
                // answer of the destination and a slow one of the source is seen nowhere.
                var source = await LookAsync(
                    request.Source,
                    request.Instance,
                    guest =>
                    {
                        isMarked = guest?.Mark?.Migration == request.Migration;
                        return guest.ToSighting();
                    },
                    ct);
                var destination = await LookAsync(request.Destination, request.Instance, guest => guest.AtDestination(request.Migration), ct);
                var job = await JobAsync(request, source, ct);
                if (!LivesAtSourceOnly(source, destination, job))
                {
                    var observation = GuestWhereabouts.Conclude(source, destination, job);

                    // The mark is written before the transfer and goes last. A guest without it has been through the end of this
                    // migration: the records are older than the hosts, and nothing may be begun a second time.
                    return new Response(observation == PivotObservation.NotStarted && !isMarked ? PivotObservation.Failed : observation);
                }

                // The guest lives at the source and nothing moves it; only the destination keeps silent, or its QEMU has
                // not noticed yet that nothing will come. It can't begin to run any more: an incoming guest runs only at the
                // end of the source's job, and there is none. So a short patience is enough.
                if (time.GetElapsedTime(asked) >= Patience)
                {
                    return new Response(PivotObservation.Failed);
                }

                await Task.Delay(Again, time, ct);
            }
        }

        private static bool LivesAtSourceOnly(Sighting source, Sighting destination, JobState job) =>
            source == Sighting.Alive && job != JobState.Active && destination is Sighting.NoAnswer or Sighting.Incoming;

        private async Task<Sighting> LookAsync(string host, Guid instance, Func<GuestObservation?, Sighting> judge, CancellationToken ct)
        {
            try
            {
                return judge(await driver.FindGuestAsync(host, instance, ct));
            }
            catch (HypervisorUnavailable)
            {
                return Sighting.NoAnswer;
            }
        }

        private async Task<JobState> JobAsync(Request request, Sighting source, CancellationToken ct)
        {
            if (source is Sighting.NoAnswer or Sighting.Absent)
            {
                return JobState.None;
            }

            try
            {
                return (await driver.GetJobAsync(request.Source, request.Instance, ct)).State;
            }
            catch (GuestNotFound)
            {
                // Left between the two questions; the next look will show it.
                return JobState.Active;
            }
            catch (HypervisorUnavailable)
            {
                return JobState.Active;
            }
        }
    }
}
