using System.Collections.Frozen;

namespace LiveMigration.Api.Servers;

/// <summary>Which key of an action's body is whose.</summary>
internal static class ServerActionTable
{
    private static readonly FrozenDictionary<string, ServerAction> Actions = new Dictionary<string, ServerAction>(StringComparer.Ordinal)
    {
        [MigrateLiveAction.Key] = MigrateLiveAction.RunAsync,
        [LockAction.LockKey] = LockAction.RunAsync,
        [LockAction.UnlockKey] = LockAction.RunAsync,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Who does it; null when there is no such action.</summary>
    public static ServerAction? Find(string key) => Actions.GetValueOrDefault(key);
}
