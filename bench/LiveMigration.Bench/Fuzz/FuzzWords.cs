namespace LiveMigration.Bench.Fuzz;

/// <summary>What requests are made of, beside what the API's description says.</summary>
internal static class FuzzWords
{
    /// <summary>Values that something or other can't do with, as JSON.</summary>
    public static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "1.5", "-0", "1e308", "1e99999", "-1e99999", "2147483648", "9223372036854775808",
        "123456789012345678901234567890", "\"\"", "\" \"", "\"0\"", "\"-1\"", "\"true\"", "\"None\"", "\"\\u0000\"", "\"\\r\\nX-Role: admin\"",
        "\"\\ud800\"", "\"\\udc00x\"", "\"\u0663\"", "\"😀\"", "\"\\u202e\"", "\"..\"", "\"../../etc/passwd\"", "\"%s%n%x\"", "\"' OR 1=1 --\"", "\"<script>\"",
        "\"9999-99-99\"", "\"2026-01-01T00:00:00Z\"", "\"00000000-0000-0000-0000-000000000000\"", "\"@{servers}\"", "\"@{hosts}\"", "\"@{projects}\"",
        "[]", "{}", "[[]]", "[null]", "[{}]", "[1, \"a\", null]", "{\"\": \"\"}", "{\"a\": {\"b\": {\"c\": []}}}",
    ];

    /// <summary>Parts of paths.</summary>
    public static readonly string[] Segments =
    [
        "0", "-1", "1", "99999999999999999999", "x", "detail", "enable", "disable-log-reason", "statistics", "%00", "%ff", "%c3%28", "%2e%2e", "..", ".", "%2F",
        "a%2Fb", "%252e", "%0d%0aX-Role:%20admin", "'", "\"", "*", "%25", "None", "null", "00000000-0000-0000-0000-000000000000",
        "{00000000-0000-0000-0000-000000000000}", "5E1F0000-0000-4000-8000-000000000001", "%F0%9F%98%80", "%E2%80%AE", "~", ";a=b", "a;b", "(((", "[", "|",
    ];

    /// <summary>Query parameters that lists and documents know, with values that are in order.</summary>
    public static readonly (string Name, string[] Values)[] Parameters =
    [
        ("limit", ["0", "1", "5", "1000", "2000"]),
        ("marker", ["@{servers}", "@{flavors}", "@{images}", "@{migration-uuids}", "@{os-instance-actions}", "@{os-hypervisors}"]),
        ("sort_key", ["created_at", "display_name", "uuid", "host", "flavorid", "name", "memory_mb", "vcpus"]),
        ("sort_dir", ["asc", "desc"]),
        ("all_tenants", ["1", "True", "0", ""]),
        ("all_projects", ["1", "True", "0"]),
        ("name", ["web", "fuzz", "^web.*$", "(a|b)+", "["]),
        ("status", ["ACTIVE", "MIGRATING", "ERROR", "running", "completed", "active"]),
        ("host", ["@{hosts}"]),
        ("node", ["@{hosts}"]),
        ("ip", ["192.0.2.1"]),
        ("uuid", ["@{servers}"]),
        ("instance_uuid", ["@{servers}"]),
        ("vm_state", ["active"]),
        ("task_state", ["migrating"]),
        ("power_state", ["1", "RUNNING"]),
        ("deleted", ["true", "0"]),
        ("locked", ["true", "false"]),
        ("tags", ["blue", "blue,green"]),
        ("not-tags-any", ["blue"]),
        ("flavor", ["@{flavors}"]),
        ("image", ["@{images}"]),
        ("availability_zone", ["nova"]),
        ("project_id", ["@{projects}"]),
        ("user_id", ["admin"]),
        ("changes-since", ["2026-01-01T00:00:00Z", "2026-01-01"]),
        ("changes-before", ["2027-01-01T00:00:00Z"]),
        ("migration_type", ["live-migration", "resize"]),
        ("source_compute", ["@{hosts}"]),
        ("hidden", ["0"]),
        ("binary", ["nova-compute"]),
        ("hypervisor_hostname_pattern", ["@{hosts}", "e"]),
        ("with_servers", ["True", "false"]),
        ("is_public", ["None", "true", "0"]),
        ("minRam", ["64"]),
        ("minDisk", ["1"]),
        ("offset", ["0", "3"]),
        ("detailed", ["1"]),
        ("start", ["2026-01-01T00:00:00"]),
        ("end", ["2026-02-01T00:00:00"]),
        ("fields", ["id", "name"]),
        ("domain_id", ["default"]),
        ("enabled", ["true"]),
        ("include_names", ["1"]),
        ("nocatalog", [""]),
    ];

    /// <summary>Headers that have a meaning somewhere, most of them none here.</summary>
    public static readonly string[] Headers =
    [
        "X-Role: admin", "X-Roles: admin,member", "X-User-Id: admin", "X-Project-Id: @{projects}", "X-Identity-Status: Confirmed", "X-Is-Admin-Project: True",
        "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "Forwarded: for=unknown;host=evil.example", "X-HTTP-Method-Override: DELETE",
        "X-OpenStack-Request-ID: req-00000000-0000-0000-0000-000000000000", "X-OpenStack-Request-ID: ../../x", "Accept: application/xml", "Accept: */*;q=0.1",
        "Accept-Encoding: gzip, br", "Range: bytes=0-5", "If-None-Match: *", "If-Match: \"x\"", "Cookie: livemigration-session=forged", "Authorization: Bearer forged",
        "Origin: http://evil.example", "X-Subject-Token: @{token-member}", "X-Subject-Token: forged", "X-Service-Token: @{token-member}", "Transfer-Encoding: identity",
        "Expect: 100-continue", "Upgrade: websocket", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "Content-Encoding: gzip", "Content-Language: \u00e4", "Via: 1.1 proxy", "Max-Forwards: 0",
        "OpenStack-API-Version: compute 2.93, compute 2.1", "OpenStack-API-Version: volume 3.0", "X-OpenStack-Nova-API-Version: 2.1, 2.79",
    ];

    /// <summary>Types of bodies; the first is the one that is meant.</summary>
    public static readonly string[] MediaTypes =
    [
        "application/json", "application/json; charset=utf-8", "text/plain", "", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/json;;;", "json", "\u00ff",
    ];

    /// <summary>Versions that are none, or that we don't have.</summary>
    public static readonly string[] Versions =
    [
        "2", "2.", ".1", "2.0", "2.94", "3.7", "1.1", "2.01", "2.1.1", "-2.1", "latest", "LATEST", "None", "2.99999999999", "99999999999.1", "\u0662.1", "2,1", "compute", "2.1 2.2",
    ];

    /// <summary>Methods that hardly any route has.</summary>
    public static readonly string[] Methods = ["HEAD", "OPTIONS", "PATCH", "TRACE", "PUT", "POST", "DELETE", "GET", "FOO", "PROPFIND"];
}
