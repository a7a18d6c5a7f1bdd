using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Takes the migration's mark out of the guest again. A guest that is gone carries none.</summary>
public static class ClearMark
{
    /// <param name="Host">Where the guest is.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Migration">The migration whose mark it is.</param>
    public sealed record Request(string Host, Guid Instance, Guid Migration) : IRequest<Response>;

    /// <summary>The guest carries no mark of this migration.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            try
            {
                await driver.ClearMarkAsync(request.Host, request.Instance, request.Migration, ct);
            }
            catch (GuestNotFound)
            {
                // Nothing to take a mark out of.
            }

            return new Response();
        }
    }
}
