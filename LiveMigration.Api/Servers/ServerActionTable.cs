using System.Collections.Frozen;

namespace LiveMigration.Api.Servers;

/// <summary>Which key of an action's body is whose.</summary>
internal static class ServerActionTable
{
    private static readonly FrozenDictionary<string, ServerAction> Actions = Build();

    /// <summary>Who does it; null when there is no such action.</summary>
    public static ServerAction? Find(string key) => Actions.GetValueOrDefault(key);

    private static FrozenDictionary<string, ServerAction> Build()
    {
        var actions = new Dictionary<string, ServerAction>(StringComparer.Ordinal);
        Add(RefusedActions.RunAsync, RefusedActions.Keys);
        Add(RefusedActions.EvacuateAsync, [RefusedActions.EvacuateKey]);
        Add(RefusedActions.ConsoleOutputAsync, [RefusedActions.ConsoleOutputKey]);
        Add(MigrateLiveAction.RunAsync, [MigrateLiveAction.Key]);
        Add(LockAction.RunAsync, [LockAction.LockKey, LockAction.UnlockKey]);
        Add(PowerActions.RunAsync, PowerActions.Keys);
        Add(PowerActions.RebootAsync, [PowerActions.RebootKey]);
        Add(DeleteServerAction.RunAsync, [DeleteServerAction.Key]);
        Add(ResetStateAction.RunAsync, [ResetStateAction.Key]);
        return actions.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(ServerAction run, IEnumerable<string> keys)
        {
            foreach (var key in keys)
            {
                actions[key] = run;
            }
        }
    }
}
