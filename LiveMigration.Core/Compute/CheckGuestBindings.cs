using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 5, what of it does not depend on the destination. Reads what ties the guest to its source and refuses, by
/// name, what could not be moved anywhere.
/// </summary>
public static class CheckGuestBindings
{
    /// <param name="Source">Where the guest runs.</param>
    /// <param name="Instance">The guest.</param>
    public sealed record Request(string Source, Guid Instance) : IRequest<Response>;

    /// <param name="Bindings">What each destination is asked for.</param>
    public sealed record Response(GuestBindings Bindings);

    internal sealed class Handler(IHostBindings bindings) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var guest = await bindings.ReadAsync(request.Source, request.Instance, ct);
            var refusals = HostBoundPolicy.Anywhere(guest);
            return refusals.Count == 0
                ? new Response(guest)
                : throw new MigrationPreCheckError($"{string.Join("; ", refusals)}.");
        }
    }
}
