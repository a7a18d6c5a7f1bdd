using LiveMigration.Core.Actions;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Keeps the one event that clients know of all the conductor's checks: it began with the action, and ends with the last of
/// them or with the first that fails.
/// </summary>
internal sealed class ConductorEvent(InstanceActionLog actions)
{
    /// <summary>What a controller calls itself where Nova names the conductor's host.</summary>
    public const string Host = "controller";

    /// <summary>Runs one check under the event.</summary>
    public async Task<T> CoverAsync<T>(LiveMigrationState state, bool last, Func<Task<T>> check, CancellationToken ct)
    {
        var name = state.ClientWaits ? "conductor_migrate_server" : "conductor_live_migrate_instance";
        try
        {
            var result = await check();
            if (last)
            {
                await actions.NoteAsync(state.RequestId, name, Host, error: null, ct);
            }

            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await actions.NoteAsync(state.RequestId, name, Host, exception.Message, ct);
            throw;
        }
    }
}
