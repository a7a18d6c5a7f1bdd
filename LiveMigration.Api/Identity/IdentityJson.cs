using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Identity;

/// <summary>Users, projects, roles and the domain as Keystone shows them.</summary>
internal static class IdentityJson
{
    /// <summary>Keystone's times.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A path of the identity service as an address.</summary>
    public static string Url(HttpContext context, string path) => $"{Links.Origin(context)}/identity/v3/{path}";

    /// <summary>The domain, as others name it.</summary>
    public static JsonObject DomainName() => new() { ["id"] = RoleAssignment.Domain, ["name"] = "Default" };

    /// <summary>The domain.</summary>
    public static JsonObject Of(HttpContext context) => new()
    {
        ["id"] = RoleAssignment.Domain,
        ["name"] = "Default",
        ["description"] = "The default domain",
        ["enabled"] = true,
        ["tags"] = new JsonArray(),
        ["options"] = new JsonObject(),
        ["links"] = Self(context, "domains/" + RoleAssignment.Domain),
    };

    /// <summary>A project.</summary>
    public static JsonObject Of(HttpContext context, Project project) => new()
    {
        ["id"] = project.Id,
        ["name"] = project.Name,
        ["domain_id"] = RoleAssignment.Domain,
        ["description"] = project.Description,
        ["enabled"] = project.Enabled,
        ["parent_id"] = RoleAssignment.Domain,
        ["is_domain"] = false,
        ["tags"] = new JsonArray(),
        ["options"] = new JsonObject(),
        ["links"] = Self(context, "projects/" + project.Id),
    };

    /// <summary>A user; what is not set is not shown.</summary>
    public static JsonObject Of(HttpContext context, User user)
    {
        var document = new JsonObject
        {
            ["id"] = user.Id,
            ["name"] = user.Name,
            ["domain_id"] = RoleAssignment.Domain,
            ["enabled"] = user.Enabled,
            ["password_expires_at"] = null,
            ["options"] = new JsonObject(),
            ["links"] = Self(context, "users/" + user.Id),
        };
        foreach (var (key, value) in new[]
        {
            ("default_project_id", user.DefaultProjectId), ("description", user.Description), ("email", user.Email),
        })
        {
            if (value is not null)
            {
                document[key] = value;
            }
        }

        return document;
    }

    /// <summary>A role.</summary>
    public static JsonObject Of(HttpContext context, Role role) => new()
    {
        ["id"] = role.Id,
        ["name"] = role.Name,
        ["domain_id"] = null,
        ["description"] = role.Description,
        ["options"] = new JsonObject(),
        ["links"] = Self(context, "roles/" + role.Id),
    };

    /// <summary>A list, in Keystone's frame.</summary>
    public static IResult List(HttpContext context, string name, IEnumerable<JsonNode> items) => NovaJson.Ok(new JsonObject
    {
        [name] = NovaJson.Array(items),
        ["links"] = new JsonObject
        {
            ["next"] = null,
            ["self"] = $"{Links.Origin(context)}{context.Nova().OriginalPath}{context.Request.QueryString}",
            ["previous"] = null,
        },
    });

    /// <summary>201 with what was made.</summary>
    public static IResult Created(JsonObject body) => new Made(body);

    private static JsonObject Self(HttpContext context, string path) => new() { ["self"] = Url(context, path) };

    private sealed class Made(JsonObject body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) =>
            Errors.NovaFault.WriteAsync(httpContext, StatusCodes.Status201Created, body, "application/json");
    }
}
