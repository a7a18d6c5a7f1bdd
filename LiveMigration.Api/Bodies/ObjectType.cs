using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>An object; what is in it is checked by a schema of its own.</summary>
internal sealed record ObjectType : BodyType
{
    public override string? Explain(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? null : $"{PythonText.Repr(value)} is not of type 'object'";
}
