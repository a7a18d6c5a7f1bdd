using System.Collections.Frozen;

namespace LiveMigration.Core.Model;

/// <summary>The one table between <see cref="MigrationStatus"/> and the strings that Nova's API shows.</summary>
public static class MigrationStatusNames
{
    private static readonly FrozenDictionary<MigrationStatus, string> Names = new Dictionary<MigrationStatus, string>
    {
        [MigrationStatus.Accepted] = "accepted",
        [MigrationStatus.Queued] = "queued",
        [MigrationStatus.Preparing] = "preparing",
        [MigrationStatus.Running] = "running",
        [MigrationStatus.RunningPostCopy] = "running (post-copy)",
        [MigrationStatus.Completed] = "completed",
        [MigrationStatus.Cancelled] = "cancelled",
        [MigrationStatus.Failed] = "failed",
        [MigrationStatus.Error] = "error",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, MigrationStatus> Values =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Nova's word for a status.</summary>
    public static string ToNova(this MigrationStatus status) => Names[status];

    /// <summary>The status behind Nova's word; null for a word that no live migration can have.</summary>
    public static MigrationStatus? FromNova(string text) => Values.TryGetValue(text, out var status) ? status : null;
}
