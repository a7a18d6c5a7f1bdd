using LiveMigration.Api.Audit;
using LiveMigration.Api.Auth;
using LiveMigration.Api.Hosting;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Identity;

/// <summary>Registers identity, policy and audit log.</summary>
internal static class IdentityWiring
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, ApiSettings settings)
    {
        services
            .AddSingleton(_ => PolicyRules.Load(settings.PolicyFile))
            .AddSingleton<AuditFile>()
            .AddSingleton<AdminToken>()
            .AddSingleton<PasswordHashing>()
            .AddSingleton<LogInThrottle>()
            .AddSingleton<IssuedTokens>()
            .AddSingleton<FirstStart>()
            .AddSingleton<Callers>()
            .AddBackground<TokenSweep>();
        return settings.Identity.Keystone is { } keystone
            ? services
                .AddSingleton(keystone)
                .AddSingleton(provider => new KeystoneClient(
                    keystone,
                    SecretFile.ReadText("Identity:KeystonePasswordFile", keystone.PasswordFile),
                    provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<ITokenValidator, KeystoneTokens>()
            : services.AddSingleton<ITokenValidator, BuiltInTokens>();
    }

    /// <summary>Reads the files that must be right from the start.</summary>
    /// <exception cref="InvalidSettings">One of them can't be used.</exception>
    public static void CheckIdentityFiles(this WebApplication app)
    {
        app.Services.GetRequiredService<PolicyRules>();
        app.Services.GetRequiredService<AuditFile>();
        app.Services.GetRequiredService<ITokenValidator>();
    }

    /// <summary>Makes what the first start needs, and reads the tokens. The state file is open.</summary>
    /// <returns>A line for the operator, if there is something to know.</returns>
    public static async Task<string?> PrepareIdentityAsync(this WebApplication app)
    {
        var file = await app.Services.GetRequiredService<FirstStart>().RunAsync(app.Lifetime.ApplicationStopping);
        await app.Services.GetRequiredService<IssuedTokens>().LoadAsync(app.Lifetime.ApplicationStopping);
        return file is null ? null : $"The admin's password is in {file}";
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        IdentityVersions.Map(routes);
        CreateToken.Map(routes);
        ShowToken.Map(routes);
        RevokeToken.Map(routes);
        ShowCatalog.Map(routes);
        ListProjects.Map(routes);
        ShowProject.Map(routes);
        CreateProject.Map(routes);
        UpdateProject.Map(routes);
        DeleteProject.Map(routes);
        ListUsers.Map(routes);
        ShowUser.Map(routes);
        CreateUser.Map(routes);
        UpdateUser.Map(routes);
        ChangePassword.Map(routes);
        DeleteUser.Map(routes);
        Roles.Map(routes);
        Grants.Map(routes);
        ListRoleAssignments.Map(routes);
        Domains.Map(routes);
    }
}
