using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Power;

/// <summary>Does a power action on a host, whatever of it may have been done before.</summary>
internal sealed class PowerSwitch(IComputeDriver driver, IGuestPower power, PowerSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // A guest that is still starting misses the first press of the button. Nova: shutdown_retry_interval.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    /// <summary>Does it.</summary>
    /// <param name="task">What, to whom and where.</param>
    /// <param name="guest">What the host has just said of the guest.</param>
    /// <param name="again">True if it was begun before, and nobody knows how far it came.</param>
    /// <param name="isWanted">Whether nobody has thought better of it meanwhile.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task DoAsync(
        PowerTask task, GuestObservation guest, bool again, Func<CancellationToken, Task<bool>> isWanted, CancellationToken ct) =>
        task.Action switch
        {
            PowerAction.Pause => driver.SuspendAsync(task.Host, guest.Uuid, ct),
            PowerAction.Unpause => driver.ResumeAsync(task.Host, guest.Uuid, ct),
            PowerAction.Start or PowerAction.Resume => power.StartAsync(task.Host, guest.Uuid, fresh: false, ct),
            PowerAction.Suspend => power.SaveAsync(task.Host, guest.Uuid, ct),
            PowerAction.Stop => StopAsync(task.Host, guest, isWanted, ct),
            // A reboot can't be told from the guest's state: one that was begun and runs is not rebooted twice.
            _ when again && guest.State == GuestState.Running => Task.CompletedTask,
            PowerAction.RebootSoft => RebootSoftAsync(task.Host, guest, isWanted, ct),
            _ => RebootHardAsync(task.Host, guest, ct),
        };

    private async Task StopAsync(string host, GuestObservation guest, Func<CancellationToken, Task<bool>> isWanted, CancellationToken ct)
    {
        if (guest.State == GuestState.Off)
        {
            return;
        }

        if (!guest.Persistent)
        {
            throw new HypervisorRefused(
                host, $"guest {guest.Uuid} is not defined on its host, only running: switched off it would be gone. Define it first");
        }

        var end = await ShutDownAsync(host, guest, settings.ShutdownTimeoutSeconds, isWanted, ct);
        if (end == ShutDownEnd.DidNotListen)
        {
            await power.PowerOffAsync(host, guest.Uuid, ct);
        }
    }

    private async Task RebootSoftAsync(string host, GuestObservation guest, Func<CancellationToken, Task<bool>> isWanted, CancellationToken ct)
    {
        if (!guest.Persistent)
        {
            await power.RebootAsync(host, guest.Uuid, ct);
            return;
        }

        switch (await ShutDownAsync(host, guest, settings.SoftRebootTimeoutSeconds, isWanted, ct))
        {
            case ShutDownEnd.Off:
                await power.StartAsync(host, guest.Uuid, fresh: false, ct);
                break;
            case ShutDownEnd.DidNotListen:
                await RebootHardAsync(host, guest, ct);
                break;
        }
    }

    private async Task RebootHardAsync(string host, GuestObservation guest, CancellationToken ct)
    {
        if (guest.Persistent)
        {
            await power.PowerOffAsync(host, guest.Uuid, ct);
            await power.StartAsync(host, guest.Uuid, fresh: true, ct);
            return;
        }

        await power.ResetAsync(host, guest.Uuid, ct);
        await driver.ResumeAsync(host, guest.Uuid, ct);
    }

    private async Task<ShutDownEnd> ShutDownAsync(
        string host, GuestObservation guest, int seconds, Func<CancellationToken, Task<bool>> isWanted, CancellationToken ct)
    {
        // Processors that stand still can't hear the button.
        if (seconds == 0 || guest.State is not (GuestState.Running or GuestState.ShuttingDown))
        {
            return guest.State == GuestState.Off ? ShutDownEnd.Off : ShutDownEnd.DidNotListen;
        }

        var began = time.GetTimestamp();
        long? asked = null;
        while (time.GetElapsedTime(began) < TimeSpan.FromSeconds(seconds))
        {
            if (asked is null || time.GetElapsedTime(asked.Value) >= AskAgain)
            {
                await power.ShutDownAsync(host, guest.Uuid, ct);
                asked = time.GetTimestamp();
            }

            if ((await driver.FindGuestAsync(host, guest.Uuid, ct))?.State is null or GuestState.Off or GuestState.Crashed)
            {
                return ShutDownEnd.Off;
            }

            if (!await isWanted(ct))
            {
                return ShutDownEnd.NotWanted;
            }

            await Task.Delay(Look, time, ct);
        }

        return ShutDownEnd.DidNotListen;
    }

    private enum ShutDownEnd
    {
        Off,
        DidNotListen,
        NotWanted,
    }
}
