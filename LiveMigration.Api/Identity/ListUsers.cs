using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/users</c>.</summary>
internal static class ListUsers
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/identity/v3/users", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("identity:list_users");
            var query = context.Request.Query;
            var users = db.Users.AsNoTracking().Where(_ => query.AsksForOurDomain());
            if (query["name"] is [.., { } name])
            {
                users = users.Where(user => user.Name == name);
            }

            if (query.Flag("enabled") is { } enabled)
            {
                users = users.Where(user => user.Enabled == enabled);
            }

            var found = await users.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id).ToListAsync(ct);
            return IdentityJson.List(context, "users", found.Select(user => IdentityJson.Of(context, user)));
        })
        .WithTags("Identity").WithName("ListUsers").WithSummary("Who can log in.");
}
