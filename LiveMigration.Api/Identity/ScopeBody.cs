using System.Text.Json;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Identity;

/// <summary>Where a token shall hold.</summary>
/// <param name="Kind">What was asked for.</param>
/// <param name="Id">The project by id.</param>
/// <param name="Name">The project by name.</param>
internal sealed record ScopeBody(ScopeKind Kind, string? Id = null, string? Name = null)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="HttpFault">400: it is none.</exception>
    public static ScopeBody Read(JsonElement auth)
    {
        if (!auth.TryGetProperty("scope", out var scope))
        {
            return new ScopeBody(ScopeKind.Default);
        }

        if (scope.ValueKind == JsonValueKind.String)
        {
            return new ScopeBody(scope.GetString() is "unscoped" ? ScopeKind.Unscoped : ScopeKind.Unknown);
        }

        if (scope.ValueKind != JsonValueKind.Object)
        {
            throw HttpFault.BadRequest("Invalid input for field 'auth/scope': it is not of type 'object', 'string'");
        }

        if (scope.TryGetProperty("unscoped", out _))
        {
            return new ScopeBody(ScopeKind.Unscoped);
        }

        if (scope.TryGetProperty("domain", out var domain))
        {
            return new ScopeBody(TokenRequestBody.IsDomain(domain) ? ScopeKind.Domain : ScopeKind.Unknown);
        }

        // Of the whole system, or of a trust: nobody has such a role here.
        return scope.TryGetProperty("project", out var project) ? OfProject(project) : new ScopeBody(ScopeKind.Unknown);
    }

    private static ScopeBody OfProject(JsonElement project)
    {
        if (TokenRequestBody.Text(project, "id") is { } id)
        {
            return new ScopeBody(ScopeKind.Project, id);
        }

        if (TokenRequestBody.Text(project, "name") is not { } name)
        {
            throw HttpFault.BadRequest("Expecting to find id or name in project. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.");
        }

        return TokenRequestBody.IsOfDomain(project, "project")
            ? new ScopeBody(ScopeKind.Project, Name: name)
            : new ScopeBody(ScopeKind.Unknown);
    }
}

/// <summary>Where a token may hold.</summary>
internal enum ScopeKind
{
    /// <summary>Nothing was asked for: in the user's own project, if there is one.</summary>
    Default,

    /// <summary>Nowhere.</summary>
    Unscoped,

    /// <summary>In a project.</summary>
    Project,

    /// <summary>In the domain.</summary>
    Domain,

    /// <summary>In something that is not there.</summary>
    Unknown,
}
