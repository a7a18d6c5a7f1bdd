using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>Seed step 2: the guest runs (or is paused) on its source. Asked of the host, not of the record.</summary>
public static class CheckInstanceIsActive
{
    /// <param name="State">The migration so far.</param>
    public sealed record Request(LiveMigrationState State) : IRequest<Response>;

    /// <summary>It does.</summary>
    /// <param name="IsPaused">Whether it is paused.</param>
    public sealed record Response(bool IsPaused);

    internal sealed class Handler(IMediator mediator, ConductorEvent conductorEvent) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            conductorEvent.CoverAsync(request.State, last: false, () => CheckAsync(request.State, ct), ct);

        private async Task<Response> CheckAsync(LiveMigrationState state, CancellationToken ct)
        {
            var guest = (await mediator.Send(new ObserveGuest.Request(state.Source, state.Instance), ct)).Guest;
            return guest is { State: GuestState.Running or GuestState.Paused }
                ? new Response(guest.State == GuestState.Paused)
                : throw new InstanceInvalidState(
                    state.Instance, "os-migrateLive", "power_state", guest is null ? "absent from its host" : Word(guest.State));
        }

        private static string Word(GuestState state) => state switch
        {
            GuestState.Off => "shutdown",
            GuestState.Crashed => "crashed",
            GuestState.Suspended => "suspended",
            _ => state.ToString(),
        };
    }
}
