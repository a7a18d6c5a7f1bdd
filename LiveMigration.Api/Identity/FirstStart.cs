using LiveMigration.Api.Auth;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using Microsoft.Data.Sqlite;

namespace LiveMigration.Api.Identity;

/// <summary>
/// Makes at the first start what somebody needs to log in: the roles, a project, the admin. In plain SQL: the controller
/// answers later by all that Entity Framework does for the first query and the first change of a process.
/// </summary>
internal sealed class FirstStart(ApiSettings settings, PasswordHashing passwords, IIdSource ids, TimeProvider time)
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

        await using var state = await StateConnection.OpenAsync(settings.DatabasePath, ct);
        await using var transaction = await state.BeginTransactionAsync(ct);
        var first = await state.FindAsync($"SELECT 1 FROM users", ct) is null;
        var password = TokenText.New();
        var hashing = first ? passwords.HashAsync(password, ct) : null; // takes its time, which the rest need not wait for
        await AddRolesAsync(state, ct);
        var newProject = await AddProjectAsync(state, ct);
        if (hashing is not null)
        {
            // The file first: a crash in between leaves a password that is none, and the next start writes another.
            CloudsFile.Write(settings, AdminToken.User, password, Project);
            await AddAdminAsync(state, await hashing, ct);
        }

        if (first || newProject)
        {
            await GrantAdminAsync(state, ct);
        }

        await transaction.CommitAsync(ct);
        return first ? CloudsFile.PathIn(settings) : null;
    }

    private async Task AddRolesAsync(SqliteConnection state, CancellationToken ct)
    {
        foreach (var role in RoleNames.All)
        {
            await state.ExecuteAsync($"INSERT INTO roles (Id, Name) VALUES ({ids.NewGuid().ToString("N")}, {role}) ON CONFLICT (Name) DO NOTHING", ct);
        }
    }

    // The configured project may be another one than at the first start; its name is taken then.
    private async Task<bool> AddProjectAsync(SqliteConnection state, CancellationToken ct) => await state.ExecuteAsync(
        $"""
        INSERT INTO projects (Id, Name, Description, Enabled, CreatedAt)
        SELECT {settings.ProjectId}, CASE WHEN EXISTS (SELECT 1 FROM projects WHERE Name = {Project}) THEN {settings.ProjectId} ELSE {Project} END,
            'Bootstrap project for initializing the cloud.', 1, {time.GetUtcNow().UtcDateTime}
        WHERE NOT EXISTS (SELECT 1 FROM projects WHERE Id = {settings.ProjectId})
        """,
        ct) > 0;

    private async Task AddAdminAsync(SqliteConnection state, string hash, CancellationToken ct) => await state.ExecuteAsync(
        $"""
        INSERT INTO users (Id, Name, PasswordHash, Enabled, CreatedAt)
        VALUES ({AdminToken.User}, {AdminToken.User}, {hash}, 1, {time.GetUtcNow().UtcDateTime})
        """,
        ct);

    // Only if the admin is still there.
    private async Task GrantAdminAsync(SqliteConnection state, CancellationToken ct) => await state.ExecuteAsync(
        $"""
        INSERT INTO role_assignments (UserId, ScopeId, RoleId)
        SELECT users.Id, {settings.ProjectId}, roles.Id FROM users, roles
        WHERE users.Id = {AdminToken.User} AND roles.Name = {RoleNames.Admin}
        ON CONFLICT DO NOTHING
        """,
        ct);
}
