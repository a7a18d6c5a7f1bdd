using LiveMigration.Core.Actions;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Seed step 6, after the switch: what libvirt measured is kept, and the transfer's event says how it went.</summary>
public static class PostLiveMigration
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="RequestId">Key of the instance action.</param>
    /// <param name="Instance">The guest.</param>
    /// <param name="Source">The host it has left.</param>
    /// <param name="Destination">The host it runs on.</param>
    /// <param name="Lost">How the guest was lost on the way; null when it was not.</param>
    public sealed record Request(int MigrationId, string RequestId, Guid Instance, string Source, string Destination, string? Lost)
        : IRequest<Response>;

    /// <summary>Written.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver, MigrationProgress progress, InstanceActionLog actions)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            try
            {
                if (await driver.GetCompletedJobAsync(request.Destination, request.Instance, ct) is { } job)
                {
                    await progress.SaveOutcomeAsync(request.MigrationId, job, ct);
                }
            }
            catch (Exception exception) when (exception is HypervisorRefused or GuestNotFound)
            {
                // The figures are a courtesy; a guest that was shut down since has taken them with it.
            }

            await actions.FinishAsync(request.RequestId, "compute_live_migration", request.Source, request.Lost, ct);
            return new Response();
        }
    }
}
