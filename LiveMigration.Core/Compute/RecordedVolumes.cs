using System.Text.Json;
using System.Text.Json.Serialization;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Compute;

/// <summary>Reads from a migration's stored state which volumes it opens and closes access to.</summary>
internal static class RecordedVolumes
{
    public static IReadOnlyList<VolumeAttachment> Of(string sagaState)
    {
        using var state = JsonDocument.Parse(sagaState);
        return state.RootElement.TryGetProperty(nameof(MigrateData), out var data) && data.ValueKind == JsonValueKind.Object
            ? data.Deserialize(MigrateDataJson.Default.MigrateData)!.Volumes
            : [];
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(MigrateData))]
internal sealed partial class MigrateDataJson : JsonSerializerContext;
