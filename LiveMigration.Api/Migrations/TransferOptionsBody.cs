using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Migrations;

/// <summary>The options of a transfer in JSON: what a request may carry and what a report shows, under the same names.</summary>
internal static class TransferOptionsBody
{
    private const string MigrationAddress = "migration_address";

    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = new ApiNames() };

    private static readonly BodySchema Schema = new(
    [
        .. typeof(TransferOverrides).GetProperties()
            .Select(property => new BodyProperty(TransferOptionNames.Request(property.Name), TypeOf(property))),
        new BodyProperty(MigrationAddress, BodyType.AddressOrNull),
    ]);

    /// <summary>What a body's <c>options</c> want otherwise, and the address asked for.</summary>
    /// <exception cref="Errors.HttpFault">400: a key that there is none of, or a value of another type.</exception>
    public static (TransferOverrides? Options, string? MigrationAddress) Read(JsonElement body)
    {
        if (!body.TryGetProperty("options", out var options) || options.ValueKind == JsonValueKind.Null)
        {
            return (null, null);
        }

        Schema.Check(options, "options");
        var address = options.TryGetProperty(MigrationAddress, out var given) ? given.GetString() : null;
        return (options.Deserialize<TransferOverrides>(Names), address);
    }

    /// <summary>What is in force; null for a record of an older version.</summary>
    public static JsonObject? Write(TransferOptions? options, string? address)
    {
        if (options is null)
        {
            return null;
        }

        // As the options alone: a record's runtime type may know more.
        var document = (JsonObject)JsonSerializer.SerializeToNode<TransferOptions>(options, Names)!;
        document[MigrationAddress] = address;
        return document;
    }

    private static BodyType TypeOf(PropertyInfo property) => property.PropertyType switch
    {
        var type when type == typeof(bool?) => BodyType.BooleanOrNull,
        var type when type == typeof(string) => BodyType.TextOrNull(1, 255),
        _ => BodyType.IntegerOrNull,
    };

    private sealed class ApiNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => TransferOptionNames.Request(name);
    }
}
