using System.Text.Json;

namespace LiveMigration.Core.Compute;

/// <summary>Reads from a migration's stored state whether it lost its guest after the switch.</summary>
internal static class RecordedLoss
{
    public static bool IsIn(string sagaState)
    {
        using var state = JsonDocument.Parse(sagaState);
        return state.RootElement.TryGetProperty("Lost", out var lost) && lost.ValueKind == JsonValueKind.String;
    }
}
