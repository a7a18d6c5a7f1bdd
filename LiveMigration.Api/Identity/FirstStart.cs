using LiveMigration.Api.Auth;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>Makes at the first start what somebody needs to log in: the roles, a project, the admin.</summary>
internal sealed class FirstStart(
    IDbContextFactory<ControlPlaneDbContext> contexts, ApiSettings settings, PasswordHashing passwords, IIdSource ids, TimeProvider time)
{
    private const string Project = "admin";

    /// <summary>Makes it, unless there is a user already.</summary>
    /// <returns>The file with the password, if it was made now.</returns>
    public async Task<string?> RunAsync(CancellationToken ct)
    {
        if (settings.Identity.Keystone is not null)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        var first = !await db.Users.AnyAsync(ct);
        var password = TokenText.New();
        var hashing = first ? passwords.HashAsync(password, ct) : null; // takes its time, which the rest need not wait for
        var admin = await AddRolesAsync(db, ct);
        var newProject = await AddProjectAsync(db, ct);
        if (hashing is not null)
        {
            // The file first: a crash in between leaves a password that is none, and the next start writes another.
            CloudsFile.Write(settings, AdminToken.User, password, Project);
            db.Users.Add(new User
            {
                Id = AdminToken.User,
                Name = AdminToken.User,
                PasswordHash = await hashing,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            });
        }

        if (first || (newProject && await db.Users.AnyAsync(user => user.Id == AdminToken.User, ct)))
        {
            db.RoleAssignments.Add(new RoleAssignment { UserId = AdminToken.User, ScopeId = settings.ProjectId, RoleId = admin.Id });
        }

        await db.SaveChangesAsync(ct);
        return first ? CloudsFile.PathIn(settings) : null;
    }

    /// <returns>The admin's.</returns>
    private async Task<Role> AddRolesAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var roles = await db.Roles.ToListAsync(ct);
        List<Role> missing =
        [
            .. RoleNames.All.Except(roles.Select(role => role.Name), StringComparer.Ordinal)
                .Select(name => new Role { Id = ids.NewGuid().ToString("N"), Name = name }),
        ];
        db.Roles.AddRange(missing);
        return roles.Concat(missing).Single(role => role.Name == RoleNames.Admin);
    }

    // The configured project may be another one than at the first start; its name is taken then.
    private async Task<bool> AddProjectAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var there = await db.Projects
            .Where(project => project.Id == settings.ProjectId || project.Name == Project)
            .Select(project => project.Id)
            .ToListAsync(ct);
        if (there.Contains(settings.ProjectId))
        {
            return false;
        }

        db.Projects.Add(new Project
        {
            Id = settings.ProjectId,
            Name = there.Count > 0 ? settings.ProjectId : Project,
            Description = "Bootstrap project for initializing the cloud.",
            CreatedAt = time.GetUtcNow().UtcDateTime,
        });
        return true;
    }
}
