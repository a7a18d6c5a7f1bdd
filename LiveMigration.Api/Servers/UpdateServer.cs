using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary><c>PUT /servers/{id}</c>: what users call a server. Its domain keeps its own name.</summary>
internal static class UpdateServer
{
    private const string Root = "server";
    private static readonly BodySchema Outer = new(new BodyProperty(Root, BodyType.Object, Required: true));
    private static readonly BodyProperty[] Always =
    [
        new("name", BodyType.Text(1, 255)), new("accessIPv4", BodyType.Text(0, 45)), new("accessIPv6", BodyType.Text(0, 45)),
        new("OS-DCF:diskConfig", BodyType.OneOf("AUTO", "MANUAL")),
    ];

    private static readonly BodyProperty Description = new("description", BodyType.TextOrNull(0, 255));
    private static readonly BodyProperty Hostname = new("hostname", BodyType.Host);

    // Up to 2.74 the answer lacks what extensions of old added to the other documents.
    private static readonly string[] Extended =
    [
        "OS-EXT-", "OS-SRV-USG:", "os-extended-volumes:", "config_drive", "key_name", "host_status", "security_groups",
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v2.1/servers/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
        {
            var body = await JsonBody.ReadAsync(context);
            var change = Read(context, body);
            var uuid = await ShowServer.ResolveAsync(db, id, ct);
            context.Demand("os_compute_api:servers:update");
            var found = await mediator.Send(new Request(uuid, change), ct);
            var document = ServerDocument.Full(context, found.Server, found.Around, alone: true);
            return NovaJson.Ok(new JsonObject { [Root] = context.Version().AtLeast(75) ? document : Shortened(document) });
        })
        .WithTags("Servers").WithName("UpdateServer").WithSummary("Changes a server's name, description or access addresses.");

    private static JsonObject Shortened(JsonObject document)
    {
        foreach (var key in document.Select(pair => pair.Key).Where(key => Extended.Any(start => key.StartsWith(start, StringComparison.Ordinal))).ToList())
        {
            document.Remove(key);
        }

        return document;
    }

    private static JsonElement Read(HttpContext context, JsonElement body)
    {
        var (version, legacy) = (context.Version(), context.Nova().Legacy);
        Outer.Check(body, null, legacy);
        var server = body.GetProperty(Root);
        BodyProperty[] allowed =
        [
            .. Always, .. version.AtLeast(19) ? [Description] : Array.Empty<BodyProperty>(),
            .. version.AtLeast(90) ? [Hostname] : Array.Empty<BodyProperty>(),
        ];
        new BodySchema(allowed).Check(server, Root, legacy);
        CheckAddress(server, "accessIPv4", AddressFamily.InterNetwork);
        CheckAddress(server, "accessIPv6", AddressFamily.InterNetworkV6);
        if (server.TryGetProperty("name", out var name) && name.GetString()!.Trim() != name.GetString())
        {
            throw BodySchema.Error("name", name, $"{PythonText.Repr(name)} is not a valid name: it begins or ends with a space");
        }

        return server;
    }

    private static void CheckAddress(JsonElement server, string key, AddressFamily family)
    {
        if (server.TryGetProperty(key, out var given) && given.GetString() is { Length: > 0 } text
            && !(IPAddress.TryParse(text, out var address) && address.AddressFamily == family))
        {
            throw BodySchema.Error(key, given, $"{PythonText.Repr(given)} is not a '{(family == AddressFamily.InterNetwork ? "ipv4" : "ipv6")}'");
        }
    }

    /// <param name="Server">The server.</param>
    /// <param name="Change">The keys that change, checked.</param>
    internal sealed record Request(Guid Server, JsonElement Change) : IRequest<ShowServer.Response>;

    internal sealed class Handler(ControlPlaneDbContext db, ServerSnapshots snapshots, TimeProvider time) : IRequestHandler<Request, ShowServer.Response>
    {
        public async Task<ShowServer.Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var now = time.GetUtcNow().UtcDateTime;
            var row = db.Instances.Where(server => server.Uuid == request.Server);
            // One statement that touches these columns only: it can't collide with what the flow writes meanwhile.
            await row.ExecuteUpdateAsync(
                set =>
                {
                    set.SetProperty(server => server.UpdatedAt, now);
                    if (Text("name") is { } name) set.SetProperty(server => server.DisplayName, name);
                    if (request.Change.TryGetProperty("description", out _)) set.SetProperty(server => server.Description, Text("description"));
                    if (Text("accessIPv4") is { } v4) set.SetProperty(server => server.AccessIpV4, v4);
                    if (Text("accessIPv6") is { } v6) set.SetProperty(server => server.AccessIpV6, v6);
                    if (Text("hostname") is { } hostname) set.SetProperty(server => server.Hostname, hostname);
                },
                cancellationToken);
            return await snapshots.FindAsync(request.Server, cancellationToken) is { } changed
                ? new ShowServer.Response(changed.Server, changed.Around)
                : throw new InstanceNotFound($"{request.Server:D}");

            string? Text(string key) => request.Change.TryGetProperty(key, out var value) ? value.GetString() : null;
        }
    }
}
