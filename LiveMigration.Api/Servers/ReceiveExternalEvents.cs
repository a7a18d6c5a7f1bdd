using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>
/// <c>POST /os-server-external-events</c>: what other services tell of servers. A move that waits until its guest is plugged
/// in hears of it here; the rest is taken note of.
/// </summary>
internal static class ReceiveExternalEvents
{
    private const string Plugged = "network-vif-plugged";
    private static readonly BodySchema Outer = new(new BodyProperty("events", BodyType.Array, Required: true));

    // Name, the version it came with, and whether it says nothing without a tag.
    private static readonly (string Name, int From, bool NeedsTag)[] Names =
    [
        ("network-changed", 1, false), (Plugged, 1, false), ("network-vif-unplugged", 1, false), ("network-vif-deleted", 1, false),
        ("volume-extended", 51, true), ("power-update", 76, true), ("accelerator-request-bound", 82, true), ("volume-reimaged", 93, true),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/os-server-external-events", async (HttpContext context, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
        {
            var body = await JsonBody.ReadAsync(context);
            Check(context, body);
            context.Demand("os_compute_api:os-server-external-events:create");
            var answers = new List<JsonObject>();
            foreach (var told in body.GetProperty("events").EnumerateArray())
            {
                answers.Add(await HearAsync(db, mediator, told, ct));
            }

            var all = answers.TrueForAll(answer => (int)answer["code"]! == StatusCodes.Status200OK);
            return NovaJson.Status(
                all ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus, new JsonObject { ["events"] = NovaJson.Array(answers) });
        })
        .WithTags("Servers").WithName("ReceiveExternalEvents").WithSummary("What other services tell of servers, such as network-vif-plugged.");

    private static void Check(HttpContext context, JsonElement body)
    {
        Outer.Check(body, null, context.Nova().Legacy);
        var events = body.GetProperty("events");
        if (events.GetArrayLength() == 0)
        {
            throw BodySchema.Error("events", events, "[] is too short");
        }

        var version = context.Version();
        var schema = new BodySchema(
            new BodyProperty("name", BodyType.OneOf([.. Names.Where(name => version.AtLeast(name.From)).Select(name => name.Name)]), Required: true),
            new BodyProperty("server_uuid", BodyType.Uuid, Required: true),
            new BodyProperty("status", BodyType.OneOf("failed", "completed", "in-progress")),
            new BodyProperty("tag", BodyType.Text(1, 255)));
        var index = 0;
        foreach (var told in events.EnumerateArray())
        {
            schema.Check(told, $"{index++}", context.Nova().Legacy);
        }
    }

    private static async Task<JsonObject> HearAsync(ControlPlaneDbContext db, IMediator mediator, JsonElement told, CancellationToken ct)
    {
        var name = told.GetProperty("name").GetString()!;
        var status = told.TryGetProperty("status", out var given) ? given.GetString()! : "completed";
        var tag = told.TryGetProperty("tag", out var word) ? word.GetString() : null;
        var uuid = Guid.Parse(told.GetProperty("server_uuid").GetString()!);
        var isKnown = await db.Instances.AnyAsync(row => row.Uuid == uuid && row.VmState != VmState.Deleted, ct);
        var code = !isKnown ? StatusCodes.Status404NotFound
            : Array.Find(Names, one => one.Name == name).NeedsTag && tag is null ? StatusCodes.Status400BadRequest
            : StatusCodes.Status200OK;
        if (code == StatusCodes.Status200OK && name is Plugged && tag is not null && status is not "in-progress")
        {
            await mediator.Send(new HearVifPlugged.Request(uuid, tag, Plugged: status is "completed"), ct);
        }

        var answer = new JsonObject { ["name"] = name, ["server_uuid"] = told.GetProperty("server_uuid").GetString() };
        if (tag is not null)
        {
            answer["tag"] = tag;
        }

        answer["status"] = code == StatusCodes.Status200OK ? status : "failed";
        answer["code"] = code;
        return answer;
    }
}
