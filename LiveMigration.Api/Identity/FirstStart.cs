using LiveMigration.Api.Auth;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>
/// Makes at the first start what somebody needs to log in: the roles, a project, the admin. In plain SQL: the controller
/// answers later by all that Entity Framework does for the first LINQ query and the first change of a process.
/// </summary>
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
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var first = await HasNoUsersAsync(db, ct);
        var password = TokenText.New();
        var hashing = first ? passwords.HashAsync(password, ct) : null; // takes its time, which the rest need not wait for
        await AddRolesAsync(db, ct);
        var newProject = await AddProjectAsync(db, ct);
        if (hashing is not null)
        {
            // The file first: a crash in between leaves a password that is none, and the next start writes another.
            CloudsFile.Write(settings, AdminToken.User, password, Project);
            await AddAdminAsync(db, await hashing, ct);
        }

        if (first || newProject)
        {
            await GrantAdminAsync(db, ct);
        }

        await transaction.CommitAsync(ct);
        return first ? CloudsFile.PathIn(settings) : null;
    }

    private static async Task<bool> HasNoUsersAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT 1 FROM users";
        return await command.ExecuteScalarAsync(ct) is null;
    }

    private async Task AddRolesAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        foreach (var role in RoleNames.All)
        {
            var id = ids.NewGuid().ToString("N");
            await db.Database.ExecuteSqlAsync($"INSERT INTO roles (Id, Name) VALUES ({id}, {role}) ON CONFLICT (Name) DO NOTHING", ct);
        }
    }

    // The configured project may be another one than at the first start; its name is taken then.
    private async Task<bool> AddProjectAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var id = settings.ProjectId;
        var now = time.GetUtcNow().UtcDateTime;
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO projects (Id, Name, Description, Enabled, CreatedAt)
            SELECT {id}, CASE WHEN EXISTS (SELECT 1 FROM projects WHERE Name = {Project}) THEN {id} ELSE {Project} END,
                'Bootstrap project for initializing the cloud.', 1, {now}
            WHERE NOT EXISTS (SELECT 1 FROM projects WHERE Id = {id})
            """,
            ct) > 0;
    }

    private async Task AddAdminAsync(ControlPlaneDbContext db, string hash, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO users (Id, Name, PasswordHash, Enabled, CreatedAt) VALUES ({AdminToken.User}, {AdminToken.User}, {hash}, 1, {now})", ct);
    }

    // Only if the admin is still there.
    private Task GrantAdminAsync(ControlPlaneDbContext db, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO role_assignments (UserId, ScopeId, RoleId)
        SELECT users.Id, {settings.ProjectId}, roles.Id FROM users, roles
        WHERE users.Id = {AdminToken.User} AND roles.Name = {RoleNames.Admin}
        ON CONFLICT DO NOTHING
        """,
        ct);
}
