using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Writes the migration's mark into the guest before anything else is done to it. The mark travels with the guest, so
/// that both hosts can tell later what this migration made.
/// </summary>
public static class MarkGuest
{
    /// <param name="Host">Where the guest runs.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Mark">The mark.</param>
    public sealed record Request(string Host, Guid Instance, MigrationMark Mark) : IRequest<Response>;

    /// <summary>The guest carries the mark.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await driver.SetMarkAsync(request.Host, request.Instance, request.Mark, ct);
            return new Response();
        }
    }
}
