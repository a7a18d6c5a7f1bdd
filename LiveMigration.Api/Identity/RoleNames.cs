using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>The roles that are there from the start, and which of them imply others.</summary>
internal static class RoleNames
{
    public const string Admin = "admin";
    public const string Manager = "manager";
    public const string Member = "member";
    public const string Reader = "reader";
    public const string Service = "service";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Admin, Manager, Member, Reader, Service];

    /// <summary>The roles of the admin.</summary>
    public static readonly IReadOnlyList<string> OfAdmin = WithImplied([Admin]);

    /// <summary>These roles and those that they imply, as Keystone's bootstrap has it.</summary>
    public static IReadOnlyList<string> WithImplied(IEnumerable<string> given)
    {
        var roles = given.ToHashSet(StringComparer.Ordinal);
        Imply(roles, Admin, Manager);
        Imply(roles, Manager, Member);
        Imply(roles, Member, Reader);
        return [.. roles.Order(StringComparer.Ordinal)];
    }

    /// <summary>What a user may call itself somewhere; empty without a role there.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(ControlPlaneDbContext db, string user, string scope, CancellationToken ct) =>
        WithImplied(await (
            from grant in db.RoleAssignments
            join role in db.Roles on grant.RoleId equals role.Id
            where grant.UserId == user && grant.ScopeId == scope
            select role.Name).ToListAsync(ct));

    private static void Imply(HashSet<string> roles, string role, string implied)
    {
        if (roles.Contains(role))
        {
            roles.Add(implied);
        }
    }
}
