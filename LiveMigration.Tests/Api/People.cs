using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Users, projects and log-ins of a running program, made over its own API.</summary>
internal static class People
{
    /// <summary>The body of a log-in by password.</summary>
    public static string LogIn(string user, string password, string? project) => new JsonObject
    {
        ["auth"] = new JsonObject
        {
            ["identity"] = new JsonObject
            {
                ["methods"] = new JsonArray("password"),
                ["password"] = new JsonObject
                {
                    ["user"] = new JsonObject { ["name"] = user, ["domain"] = new JsonObject { ["id"] = "default" }, ["password"] = password },
                },
            },
            ["scope"] = project is null ? "unscoped" : new JsonObject
            {
                ["project"] = new JsonObject { ["name"] = project, ["domain"] = new JsonObject { ["id"] = "default" } },
            },
        },
    }.ToJsonString();

    /// <summary>The admin's password, out of clouds.yaml.</summary>
    public static string AdminPassword(ApiHost host) => File.ReadLines(Path.Combine(host.StateFolder, "clouds.yaml"))
        .Single(line => line.Contains("password:", StringComparison.Ordinal)).Split('"')[1];

    /// <summary>A request with a token.</summary>
    public static async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(
        ApiHost host, string? token, HttpMethod method, string path, string? body = null, params (string Key, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
        }

        foreach (var (key, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(key, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        var response = await host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, response);
    }

    /// <summary>Logs in; fails unless that works.</summary>
    public static async Task<string> TokenAsync(ApiHost host, string user, string password, string? project)
    {
        var (status, body, response) = await SendAsync(host, null, HttpMethod.Post, "/identity/v3/auth/tokens", LogIn(user, password, project));
        Assert.True(status == HttpStatusCode.Created, $"{status}: {body}");
        return response.Headers.GetValues("X-Subject-Token").Single();
    }

    /// <summary>Makes a user with roles in a project, which is made when there is none of this name, and logs in.</summary>
    public static async Task<Person> AddAsync(ApiHost host, string name, string project, params string[] roles)
    {
        var found = (await SendAsync(host, host.Token, HttpMethod.Get, "/identity/v3/projects?name=" + project)).Body!["projects"]!.AsArray();
        var place = found.Count > 0
            ? (string)found[0]!["id"]!
            : (string)(await MakeAsync(host, "project", new JsonObject { ["name"] = project }))["id"]!;
        var user = (string)(await MakeAsync(host, "user", new JsonObject { ["name"] = name, ["password"] = "secret-" + name }))["id"]!;
        foreach (var role in roles)
        {
            var (status, _, _) = await SendAsync(
                host, host.Token, HttpMethod.Put, $"/identity/v3/projects/{place}/users/{user}/roles/{await RoleAsync(host, role)}");
            Assert.Equal(HttpStatusCode.NoContent, status);
        }

        return new Person(user, place, roles.Length > 0 ? await TokenAsync(host, name, "secret-" + name, project) : "");
    }

    /// <summary>A role's id.</summary>
    public static async Task<string> RoleAsync(ApiHost host, string role) =>
        (string)(await SendAsync(host, host.Token, HttpMethod.Get, "/identity/v3/roles?name=" + role)).Body!["roles"]![0]!["id"]!;

    private static async Task<JsonNode> MakeAsync(ApiHost host, string kind, JsonObject entity)
    {
        var (status, body, _) = await SendAsync(
            host, host.Token, HttpMethod.Post, $"/identity/v3/{kind}s", new JsonObject { [kind] = entity }.ToJsonString());
        Assert.True(status == HttpStatusCode.Created, $"{status}: {body}");
        return body![kind]!;
    }
}

/// <summary>Somebody who is logged in.</summary>
internal sealed record Person(string Id, string Project, string Token);
