using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;

namespace LiveMigration.Api.Servers;

/// <summary>
/// <c>POST /servers</c>: makes servers. 202 says that they are recorded; what becomes of them is in their status.
/// </summary>
internal static class CreateServer
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/servers", async (HttpContext context, IMediator mediator, IIdSource ids, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:servers:create");
            var (server, group) = await CreateServerBody.ReadAsync(context);
            var place = await RequestedPlace.ReadAsync(context, server, group, db, ct);
            var request = ToRequest(context, server, place, ids);
            var made = await mediator.Send(request, ct);
            return Answer(context, server, request, made.Instances[0], ids);
        })
        .Fault(typeof(FlavorNotFound), StatusCodes.Status400BadRequest)
        .Fault(typeof(ComputeHostNotFound), StatusCodes.Status400BadRequest)
        .WithTags("Servers").WithName("CreateServer").WithSummary("Makes a server of an image and a flavor.");

    private static CreateServers.Request ToRequest(HttpContext context, JsonElement server, RequestedPlace place, IIdSource ids)
    {
        RefuseWhatWeLack(server);
        return new CreateServers.Request(
            Text(server, "name")!, Count(server), Image(server), Flavor(server), Networks(context, server), place.Host, place.Filtered, Origin(server, ids), context.Caller())
        {
            Zone = place.Zone,
            Group = place.Group,
            Description = Text(server, "description"),
            Metadata = TextMap.Read(server, "metadata"),
            Tags = server.TryGetProperty("tags", out var tags)
                ? [.. tags.EnumerateArray().Select(tag => tag.GetString()!).Distinct(StringComparer.Ordinal)]
                : [],
        };
    }

    private static InstanceOrigin Origin(JsonElement server, IIdSource ids) => new()
    {
        UserData = Text(server, "user_data"),
        HasConfigDrive = WantsConfigDrive(server),
        KeyName = Text(server, "key_name"),
        Hostname = Text(server, "hostname") ?? Hostname(Text(server, "name")!),
        ReservationId = "r-" + ids.NewGuid().ToString("N")[..8],
        DiskConfig = Text(server, "OS-DCF:diskConfig") ?? "MANUAL",
        AccessIPv4 = Address(server, "accessIPv4", System.Net.Sockets.AddressFamily.InterNetwork, "ipv4"),
        AccessIPv6 = Address(server, "accessIPv6", System.Net.Sockets.AddressFamily.InterNetworkV6, "ipv6"),
    };

    /// <summary>What Nova can and we can't is said, not ignored.</summary>
    private static void RefuseWhatWeLack(JsonElement server)
    {
        if (server.TryGetProperty("personality", out var files) && files.GetArrayLength() > 0)
        {
            throw HttpFault.BadRequest("Files can't be put into servers here: personality must be empty.");
        }

        if (server.TryGetProperty("block_device_mapping", out var old) && old.GetArrayLength() > 0)
        {
            throw HttpFault.BadRequest("Servers boot from a local disk made of an image here: block_device_mapping must be empty.");
        }

        if (server.TryGetProperty("trusted_image_certificates", out var certificates) && certificates.ValueKind != JsonValueKind.Null)
        {
            throw HttpFault.BadRequest("Images are not signed here: trusted_image_certificates must be null.");
        }
    }

    // Nothing else here would bring user data to the guest: it gets a drive unless it was said that there shall be none.
    private static bool WantsConfigDrive(JsonElement server) =>
        server.TryGetProperty("config_drive", out var drive) && drive.ValueKind != JsonValueKind.Null && BodyType.ReadBoolish(drive) is { } said
            ? said
            : Text(server, "user_data") is { Length: > 0 };

    private static int Count(JsonElement server)
    {
        var min = IntegerLike.ReadOrNull(server, "min_count");
        var max = IntegerLike.ReadOrNull(server, "max_count");
        if (min > (max ?? min))
        {
            throw HttpFault.BadRequest("min_count must be <= max_count");
        }

        var count = Math.Max(max ?? min ?? 1, min ?? 1);
        return count <= ServerSettings.MostAtOnce ? count
            : throw new HttpFault(
                StatusCodes.Status403Forbidden,
                $"Quota exceeded for instances: Requested {count}, but one request may ask for {ServerSettings.MostAtOnce} instances at most");
    }

    private static Guid Image(JsonElement server)
    {
        var reference = Text(server, "imageRef") ?? "";
        if (server.TryGetProperty("block_device_mapping_v2", out var devices) && devices.GetArrayLength() > 0)
        {
            reference = FromDevices(devices, reference);
        }

        if (reference.Length == 0)
        {
            throw HttpFault.BadRequest("Invalid imageRef provided.");
        }

        // Of old, clients send the image's link.
        return Guid.TryParseExact(reference.Split('/')[^1], "D", out var id) ? id : throw HttpFault.BadRequest("Invalid imageRef provided.");
    }

    private static string FromDevices(JsonElement devices, string reference)
    {
        var device = devices[0];
        var image = Text(device, "uuid") ?? "";
        var isRoot = devices.GetArrayLength() == 1 && Text(device, "source_type") == "image" && Text(device, "destination_type") is null or "local"
            && (reference.Length == 0 || image == reference);
        return isRoot
            ? image
            : throw HttpFault.BadRequest("Servers boot from a local disk made of an image here: block_device_mapping_v2 may hold that disk alone.");
    }

    private static string Flavor(JsonElement server)
    {
        var reference = server.GetProperty("flavorRef");
        return reference.ValueKind == JsonValueKind.Number ? reference.GetRawText() : reference.GetString()!.Split('/')[^1];
    }

    /// <summary>Null leaves it to the controller; an empty list is no network at all.</summary>
    private static List<Guid>? Networks(HttpContext context, JsonElement server)
    {
        if (!server.TryGetProperty("networks", out var networks))
        {
            return null;
        }

        if (networks.ValueKind == JsonValueKind.String)
        {
            return networks.GetString() is "none" ? []
                : context.RequestServices.GetRequiredService<ServerSettings>().Networks.Count > 0 ? null
                : throw HttpFault.BadRequest($"Unable to automatically allocate a network for project {context.Caller().ProjectId}");
        }

        List<Guid> wanted = [];
        foreach (var network in networks.EnumerateArray())
        {
            if (network.TryGetProperty("port", out var port) && port.ValueKind != JsonValueKind.Null)
            {
                throw HttpFault.BadRequest("Ports are made with their servers here: name networks by their uuid.");
            }

            if (network.TryGetProperty("fixed_ip", out var address) && address.ValueKind != JsonValueKind.Null)
            {
                throw HttpFault.BadRequest("Addresses are not given out here: leave fixed_ip out.");
            }

            wanted.Add(network.TryGetProperty("uuid", out var uuid)
                ? Guid.ParseExact(uuid.GetString()!, "D")
                : throw HttpFault.BadRequest("Bad networks format: network uuid is not in proper format (None)"));
        }

        return wanted.Count == 0 ? null : wanted;
    }

    private static string Address(JsonElement server, string name, System.Net.Sockets.AddressFamily family, string format)
    {
        var text = Text(server, name) ?? "";
        return text.Length == 0 || (System.Net.IPAddress.TryParse(text, out var address) && address.AddressFamily == family)
            ? text
            : throw BodySchema.Error(name, server.GetProperty(name), $"{PythonText.Repr(text)} is not a '{format}'");
    }

    // Nova's way: what a host name can't hold goes, spaces become hyphens.
    private static string Hostname(string name)
    {
        var kept = new string([.. name.ToLowerInvariant().Select(character => character is ' ' or '_' ? '-' : character)
            .Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.')]).Trim('-', '.');
        return kept.Length == 0 ? "server" : kept.Length > 63 ? kept[..63] : kept;
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IResult Answer(HttpContext context, JsonElement server, CreateServers.Request request, Guid uuid, IIdSource ids)
    {
        if (server.TryGetProperty("return_reservation_id", out var wanted) && BodyType.ReadBoolish(wanted) == true)
        {
            return NovaJson.Accepted(new JsonObject { ["reservation_id"] = request.Origin.ReservationId });
        }

        var links = Links.Of(context, $"servers/{uuid}");
        context.Response.Headers.Location = (string?)links[0]!["href"];
        return NovaJson.Accepted(new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["id"] = uuid.ToString(),
                ["links"] = links,
                ["OS-DCF:diskConfig"] = request.Origin.DiskConfig,
                ["security_groups"] = new JsonArray(new JsonObject { ["name"] = "default" }),
                // Nova answers with one; it is set in no guest, here as there with most images.
                ["adminPass"] = Text(server, "adminPass") ?? ids.NewGuid().ToString("N")[..12],
            },
        });
    }
}
