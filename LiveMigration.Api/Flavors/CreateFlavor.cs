using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Flavors;

/// <summary><c>POST /flavors</c>.</summary>
internal static class CreateFlavor
{
    private static readonly BodySchema Envelope = new(new BodyProperty("flavor", new ObjectType(), Required: true));

    private static readonly BodyProperty[] Keys =
    [
        new("name", new NameType(), Required: true),
        new("id", new FlavorIdType()),
        new("ram", new IntegerLike(1, int.MaxValue), Required: true),
        new("vcpus", new IntegerLike(1, int.MaxValue), Required: true),
        new("disk", new IntegerLike(0, int.MaxValue), Required: true),
        new("OS-FLV-EXT-DATA:ephemeral", new IntegerLike(0, int.MaxValue)),
        new("swap", new IntegerLike(0, int.MaxValue)),
        new("rxtx_factor", new NumberLike(0)),
        new("os-flavor-access:is_public", BodyType.Boolish()),
    ];

    private static readonly BodySchema Plain = new(Keys);
    private static readonly BodySchema WithDescription = new([.. Keys, new BodyProperty("description", BodyType.TextOrNull(0, 65535))]);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/flavors", async (HttpContext context, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:os-flavor-manage:create");
            var body = await JsonBody.ReadAsync(context);
            Envelope.Check(body, null, context.Nova().Legacy);
            var given = body.GetProperty("flavor");
            (context.Version().AtLeast(55) ? WithDescription : Plain).Check(given, "flavor", context.Nova().Legacy);
            var made = await mediator.Send(new Request(given), ct);
            return NovaJson.Ok(new JsonObject { ["flavor"] = FlavorDocument.Full(context, made.Flavor) });
        })
        .WithTags("Flavors").WithName("CreateFlavor").WithSummary("Makes a flavor.");

    internal sealed record Request(JsonElement Body) : IRequest<Response>;

    internal sealed record Response(Flavor Flavor);

    internal sealed class Handler(ControlPlaneDbContext db, IIdSource ids, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var flavor = ToFlavor(request.Body);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await db.Flavors.AnyAsync(row => row.FlavorId == flavor.FlavorId, cancellationToken))
            {
                throw new HttpFault(StatusCodes.Status409Conflict, $"Flavor with ID {flavor.FlavorId} already exists.");
            }

            if (await db.Flavors.AnyAsync(row => row.Name == flavor.Name, cancellationToken))
            {
                throw new HttpFault(StatusCodes.Status409Conflict, $"Flavor with name {flavor.Name} already exists.");
            }

            db.Flavors.Add(flavor);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new Response(flavor);
        }

        private Flavor ToFlavor(JsonElement body)
        {
            var id = body.TryGetProperty("id", out var given) ? given.ValueKind == JsonValueKind.Number ? given.GetRawText() : given.GetString() : null;
            return new Flavor
            {
                FlavorId = id is null or "auto" ? ids.NewGuid().ToString() : id,
                Name = body.GetProperty("name").GetString()!,
                MemoryMiB = IntegerLike.Read(body, "ram"),
                Vcpus = IntegerLike.Read(body, "vcpus"),
                DiskGiB = IntegerLike.Read(body, "disk"),
                EphemeralGiB = IntegerLike.Read(body, "OS-FLV-EXT-DATA:ephemeral"),
                SwapMiB = IntegerLike.Read(body, "swap"),
                RxTxFactor = NumberLike.Read(body, "rxtx_factor") ?? 1,
                IsPublic = !body.TryGetProperty("os-flavor-access:is_public", out var isPublic) || BodyType.ReadBoolish(isPublic) != false,
                Description = body.TryGetProperty("description", out var description) ? description.GetString() : null,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            };
        }
    }

    private sealed record FlavorIdType : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number when value.TryGetInt32(out var number) && number >= 0 => null,
            JsonValueKind.String when value.GetString() is { Length: >= 1 and <= 255 } text && text.Trim().Length == text.Length
                && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or ' ' or '_' or '-') => null,
            JsonValueKind.String => $"{PythonText.Repr(value)} does not match '^(?! )[a-zA-Z0-9. _-]+(?<! )$'",
            _ => $"{PythonText.Repr(value)} is not of type 'string', 'number', 'null'",
        };
    }
}
