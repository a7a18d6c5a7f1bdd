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
        await AddRolesAsync(db, ct);
        var newProject = await AddProjectAsync(db, ct);
        var first = !await db.Users.AnyAsync(ct);
        if (first)
        {
            // The file first: a crash in between leaves a password that is none, and the next start writes another.
            var password = TokenText.New();
            CloudsFile.Write(settings, AdminToken.User, password, Project);
            db.Users.Add(new User
            {
                Id = AdminToken.User,
                Name = AdminToken.User,
                PasswordHash = await passwords.HashAsync(password, ct),
                CreatedAt = time.GetUtcNow().UtcDateTime,
            });
        }

        if (first || (newProject && await db.Users.AnyAsync(user => user.Id == AdminToken.User, ct)))
        {
            var admin = db.Roles.Local.SingleOrDefault(role => role.Name == RoleNames.Admin)
                ?? await db.Roles.SingleAsync(role => role.Name == RoleNames.Admin, ct);
            db.RoleAssignments.Add(new RoleAssignment { UserId = AdminToken.User, ScopeId = settings.ProjectId, RoleId = admin.Id });
        }

        await db.SaveChangesAsync(ct);
        return first ? CloudsFile.PathIn(settings) : null;
    }

    private async Task AddRolesAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var known = await db.Roles.Select(role => role.Name).ToListAsync(ct);
        db.Roles.AddRange(RoleNames.All.Except(known, StringComparer.Ordinal)
            .Select(name => new Role { Id = ids.NewGuid().ToString("N"), Name = name }));
    }

    // The configured project may be another one than at the first start; its name is taken then.
    private async Task<bool> AddProjectAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        if (await db.Projects.AnyAsync(project => project.Id == settings.ProjectId, ct))
        {
            return false;
        }

        var taken = await db.Projects.AnyAsync(project => project.Name == Project, ct);
        db.Projects.Add(new Project
        {
            Id = settings.ProjectId,
            Name = taken ? settings.ProjectId : Project,
            Description = "Bootstrap project for initializing the cloud.",
            CreatedAt = time.GetUtcNow().UtcDateTime,
        });
        return true;
    }
}
