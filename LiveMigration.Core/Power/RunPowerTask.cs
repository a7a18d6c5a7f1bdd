using LiveMigration.Core.Actions;
using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Power;

/// <summary>
/// Does a power action that was accepted, and frees the instance. What the instance is afterwards is asked of the host. A
/// host that stops answering in the middle is waited for: the task stays until it has said what became of the guest.
/// </summary>
public static partial class RunPowerTask
{
    /// <param name="TaskId">The task's id.</param>
    public sealed record Request(int TaskId) : IRequest<Response>;

    /// <param name="Summary">What became of it, in a few words.</param>
    public sealed record Response(string Summary);

    internal sealed partial class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        IComputeDriver driver,
        PowerSwitch powerSwitch,
        InstanceActionLog actions,
        TimeProvider time,
        ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            if (await FindAsync(request.TaskId, ct) is not { } task)
            {
                return new Response("no longer wanted");
            }

            var rule = PowerRules.Of(task.Action);
            await actions.StartAsync(task.RequestId, rule.Event, task.Host, ct);
            string? error = null;
            try
            {
                await DoAsync(task, rule, ct);
            }
            catch (HypervisorUnavailable away) when (task.BegunAt is not null)
            {
                LogWaits(rule.Name, task.InstanceUuid, away.Message);
                return new Response("waits for the host");
            }
            catch (ControlPlaneException failure)
            {
                error = failure.Message;
                LogFailed(rule.Name, task.InstanceUuid, error);
            }

            await SettleAsync(task, rule, error, ct);
            return new Response(error ?? "done");
        }

        private async Task DoAsync(PowerTask task, PowerRule rule, CancellationToken ct)
        {
            var guest = await driver.FindGuestAsync(task.Host, task.InstanceUuid, ct)
                ?? throw new GuestNotFound(task.Host, task.InstanceUuid);
            if (guest.State is GuestState.Incoming or GuestState.PausedMigrated or GuestState.PausedPostCopy
                or GuestState.PostCopyFailed or GuestState.RunningPostCopy)
            {
                throw new HypervisorRefused(task.Host, $"guest {guest.Uuid} is being moved");
            }

            var again = task.BegunAt is not null;
            await BeginAsync(task, ct);
            await powerSwitch.DoAsync(task, guest, again, token => IsWantedAsync(task.Id, token), ct);
            var after = await driver.FindGuestAsync(task.Host, task.InstanceUuid, ct)
                ?? throw new GuestNotFound(task.Host, task.InstanceUuid);
            if (!rule.Reached(after.State) && await IsWantedAsync(task.Id, ct))
            {
                throw new HypervisorRefused(task.Host, $"guest {guest.Uuid} is {after.State} after '{rule.Name}'");
            }
        }

        private async Task<PowerTask?> FindAsync(int id, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            return await db.PowerTasks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct);
        }

        private async Task<bool> IsWantedAsync(int id, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            return await db.PowerTasks.AnyAsync(row => row.Id == id, ct);
        }

        private async Task BeginAsync(PowerTask task, CancellationToken ct)
        {
            if (task.BegunAt is not null)
            {
                return;
            }

            var now = time.GetUtcNow().UtcDateTime;
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.PowerTasks.Where(row => row.Id == task.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.BegunAt, now), ct);
            task.BegunAt = now;
        }

        private async Task SettleAsync(PowerTask task, PowerRule rule, string? error, CancellationToken ct)
        {
            var guest = await LookAsync(task, ct);
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            // Without its row somebody has reset the state or broken in: what the instance is now is theirs.
            var isOurs = await db.PowerTasks.Where(row => row.Id == task.Id).ExecuteDeleteAsync(ct) > 0;
            var instance = await db.Instances.SingleOrDefaultAsync(row => row.Uuid == task.InstanceUuid, ct);
            if (isOurs && instance is not null && instance.TaskState == rule.During)
            {
                var now = time.GetUtcNow().UtcDateTime;
                (instance.TaskState, instance.UpdatedAt) = (null, now);
                instance.HeldInError &= error is not null;
                Describe(instance, guest, now);
            }

            await actions.FinishInAsync(db, task.RequestId, rule.Event, task.Host, error, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        private static void Describe(Instance instance, GuestObservation? guest, DateTime now)
        {
            if (guest is null)
            {
                return;
            }

            instance.VmState = instance.HeldInError ? VmState.Error : guest.ToVmState();
            instance.PowerState = guest.ToPowerState();
            if (guest.State is GuestState.Running or GuestState.Paused)
            {
                instance.LaunchedAt ??= now;
            }
        }

        private async Task<GuestObservation?> LookAsync(PowerTask task, CancellationToken ct)
        {
            try
            {
                return await driver.FindGuestAsync(task.Host, task.InstanceUuid, ct);
            }
            catch (ControlPlaneException)
            {
                // The inventory looks again when the host answers.
                return null;
            }
        }

        [LoggerMessage(LogLevel.Warning, "'{Action}' of instance {Instance} waits for its host: {Reason}")]
        private partial void LogWaits(string action, Guid instance, string reason);

        [LoggerMessage(LogLevel.Warning, "'{Action}' of instance {Instance} failed: {Reason}")]
        private partial void LogFailed(string action, Guid instance, string reason);
    }
}
