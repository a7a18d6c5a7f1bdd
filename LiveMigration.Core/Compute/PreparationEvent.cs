using LiveMigration.Core.Actions;
using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Keeps the one event that clients know of all that is made ready at the destination (seed step 7): opened by the first
/// step, closed as a success when the transfer begins, or with the error of the step that failed.
/// </summary>
internal sealed class PreparationEvent(InstanceActionLog actions)
{
    private const string Name = "compute_pre_live_migration";

    /// <summary>Runs the first step under the event.</summary>
    public async Task<T> OpenAsync<T>(string requestId, string destination, Func<Task<T>> work, CancellationToken ct)
    {
        await actions.StartAsync(requestId, Name, destination, ct);
        return await CoverAsync(requestId, destination, work, ct);
    }

    /// <summary>Runs a further step under the event.</summary>
    public async Task<T> CoverAsync<T>(string requestId, string destination, Func<Task<T>> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StepNotReady))
        {
            await CloseAsync(requestId, destination, exception.Message, ct);
            throw;
        }
    }

    /// <summary>Closes it, if it is open.</summary>
    public Task CloseAsync(string requestId, string destination, string? error, CancellationToken ct) =>
        actions.FinishAsync(requestId, Name, destination, error, ct);
}
