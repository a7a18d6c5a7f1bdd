using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Hosting;

/// <summary><c>GET /healthz</c>: for whoever wants to know whether the program answers. Nothing is looked at, and nothing is said.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/healthz", () => NovaJson.NoContent())
        .WithTags("Health").WithName("ShowHealth").WithSummary("204 while the program answers. Says nothing of hosts.");
}
