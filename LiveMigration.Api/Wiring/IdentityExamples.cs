namespace LiveMigration.Api.Wiring;

/// <summary>Examples of the identity service for the API's description, by the operation's name.</summary>
internal static class IdentityExamples
{
    public const string Fault = """{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}""";

    private const string User = """{"id": "464d1621e7794d598a62739b3ca62e07", "name": "demo", "domain_id": "default", "enabled": true, "links": {"self": "http://127.0.0.1:8774/identity/v3/users/464d1621e7794d598a62739b3ca62e07"}}""";
    private const string Project = """{"id": "a56effa39e9e4c548fe95f53cfd6ed28", "name": "demo", "domain_id": "default", "enabled": true, "is_domain": false, "parent_id": "default"}""";
    private const string Role = """{"id": "5e1f0000000040008000000000000001", "name": "member", "domain_id": null}""";
    private const string Catalog = """[{"type": "compute", "name": "nova", "id": "compute", "endpoints": [{"id": "compute", "interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "http://127.0.0.1:8774/v2.1"}]}]""";
    private const string Token = $$$"""{"token": {"methods": ["password"], "user": {"id": "464d1621e7794d598a62739b3ca62e07", "name": "demo", "domain": {"id": "default", "name": "Default"}}, "project": {"id": "a56effa39e9e4c548fe95f53cfd6ed28", "name": "demo", "domain": {"id": "default", "name": "Default"}}, "roles": [{{{Role}}}], "catalog": {{{Catalog}}}, "issued_at": "2026-11-22T18:00:00.000000Z", "expires_at": "2026-11-23T06:00:00.000000Z"}}""";

    /// <summary>An example of the body to send.</summary>
    public static string? RequestOf(string? operation) => operation switch
    {
        "CreateToken" => """{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"id": "default"}, "password": "secret"}}}, "scope": {"project": {"name": "demo", "domain": {"id": "default"}}}}}""",
        "CreateUser" => """{"user": {"name": "demo", "password": "secret", "default_project_id": "a56effa39e9e4c548fe95f53cfd6ed28"}}""",
        "UpdateUser" => """{"user": {"enabled": false}}""",
        "ChangePassword" => """{"user": {"original_password": "secret", "password": "another secret"}}""",
        "CreateProject" => """{"project": {"name": "demo", "description": "to try things"}}""",
        "UpdateProject" => """{"project": {"description": "to try other things"}}""",
        "CreateRole" => """{"role": {"name": "operator"}}""",
        _ => null,
    };

    /// <summary>An example of the answer, shortened.</summary>
    public static string? ResponseOf(string? operation) => operation switch
    {
        "CreateToken" or "ShowToken" => Token,
        "ShowCatalog" => $$$"""{"catalog": {{{Catalog}}} }""",
        "CreateUser" or "ShowUser" or "UpdateUser" => $$$"""{"user": {{{User}}} }""",
        "ListUsers" => $$$"""{"users": [{{{User}}}], "links": {"next": null, "previous": null}}""",
        "CreateProject" or "ShowProject" or "UpdateProject" => $$$"""{"project": {{{Project}}} }""",
        "ListProjects" or "ListOwnProjects" or "ListUserProjects" => $$$"""{"projects": [{{{Project}}}], "links": {"next": null, "previous": null}}""",
        "CreateRole" or "ShowRole" => $$$"""{"role": {{{Role}}} }""",
        "ListRoles" or "ListProjectRoles" or "ListDomainRoles" => $$$"""{"roles": [{{{Role}}}], "links": {"next": null, "previous": null}}""",
        "ListRoleAssignments" => """{"role_assignments": [{"role": {"id": "5e1f0000000040008000000000000001"}, "user": {"id": "464d1621e7794d598a62739b3ca62e07"}, "scope": {"project": {"id": "a56effa39e9e4c548fe95f53cfd6ed28"}}}]}""",
        _ => null,
    };
}
