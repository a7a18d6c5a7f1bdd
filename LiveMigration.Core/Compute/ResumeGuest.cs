using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Lets a guest go on that a forced completion had paused, when the migration did not complete after all.</summary>
public static class ResumeGuest
{
    /// <param name="Host">Where it is.</param>
    /// <param name="Instance">The guest.</param>
    public sealed record Request(string Host, Guid Instance) : IRequest<Response>;

    /// <summary>It runs.</summary>
    public sealed record Response;

    internal sealed class Handler(IComputeDriver driver) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await driver.ResumeAsync(request.Host, request.Instance, ct);
            return new Response();
        }
    }
}
