using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Removes files that were made for a server. One that a guest of the host uses is never removed.</summary>
public static class RemoveFiles
{
    /// <param name="Host">The host.</param>
    /// <param name="Paths">The files.</param>
    public sealed record Request(string Host, IReadOnlyList<string> Paths) : IRequest<Response>;

    /// <summary>None of them is left.</summary>
    public sealed record Response;

    internal sealed class Handler(IDiskImages images) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            foreach (var path in request.Paths)
            {
                if (await images.RemoveAsync(request.Host, path, ct) is { } user)
                {
                    throw new HypervisorRefused(request.Host, $"{path} is used by guest {user} and is left alone");
                }
            }

            return new Response();
        }
    }
}
