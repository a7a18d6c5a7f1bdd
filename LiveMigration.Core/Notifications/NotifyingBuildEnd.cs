using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Notifications;

/// <summary>Tells that a server was made, just before that is recorded.</summary>
internal sealed class NotifyingBuildEnd(InstanceNotifier notifier) : IPipelineBehavior<EndBuild.Request, EndBuild.Response>
{
    public async Task<EndBuild.Response> Handle(
        EndBuild.Request request, CancellationToken cancellationToken, RequestHandlerDelegate<EndBuild.Response> next)
    {
        if (request.Failure is null)
        {
            Occurrence made = new(NotificationNames.CreateEnd, BuildNotificationPlan.KeyOf(request.State));
            await notifier.NotifyAsync(request.State.Instance, InstanceNotifier.Create, [made], Runs, cancellationToken);
        }

        return await next();
    }

    private static void Runs(Instance instance, DateTime now)
    {
        (instance.VmState, instance.PowerState) = (VmState.Active, PowerState.Running);
        instance.TaskState = instance.DeleteRequestedAt is null ? null : TaskState.Deleting;
        instance.LaunchedAt = now;
    }
}
