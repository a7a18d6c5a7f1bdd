using LiveMigration.Core.Compute;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Tells that a server is being removed, when its guest is first looked for, and that it is gone, just before that is
/// recorded. A removal that waits is begun again every second, and two may be on the way at once: each is told once, and
/// whoever comes second waits until it was.
/// </summary>
internal sealed class NotifyingDeletion(InstanceNotifier notifier)
    : IPipelineBehavior<FindGuestHomes.Request, FindGuestHomes.Response>, IPipelineBehavior<EndDeletion.Request, EndDeletion.Response>
{
    private const string Key = "removal";

    // Enough for every removal that can still be on its way.
    private const int MostEnded = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Instance, Notification What), Task> _told = [];
    private readonly Queue<Guid> _ended = new();

    public async Task<FindGuestHomes.Response> Handle(
        FindGuestHomes.Request request, CancellationToken cancellationToken, RequestHandlerDelegate<FindGuestHomes.Response> next)
    {
        await TellOnceAsync(request.Guest, NotificationNames.DeleteStart, becomes: null);
        return await next();
    }

    public async Task<EndDeletion.Response> Handle(
        EndDeletion.Request request, CancellationToken cancellationToken, RequestHandlerDelegate<EndDeletion.Response> next)
    {
        await TellOnceAsync(request.Instance, NotificationNames.DeleteEnd, IsGone);
        return await next();
    }

    // Without the caller's token: others wait for the same.
    private Task TellOnceAsync(Guid instance, Notification what, Action<Instance, DateTime>? becomes)
    {
        lock (_lock)
        {
            if (!_told.TryGetValue((instance, what), out var telling))
            {
                telling = notifier.NotifyAsync(instance, InstanceNotifier.Delete, [new Occurrence(what, Key)], becomes, CancellationToken.None);
                _told.Add((instance, what), telling);
                if (what == NotificationNames.DeleteEnd)
                {
                    Forget(instance);
                }
            }

            return telling;
        }
    }

    private void Forget(Guid ended)
    {
        _ended.Enqueue(ended);
        if (_ended.Count > MostEnded)
        {
            var oldest = _ended.Dequeue();
            _told.Remove((oldest, NotificationNames.DeleteStart));
            _told.Remove((oldest, NotificationNames.DeleteEnd));
        }
    }

    private static void IsGone(Instance instance, DateTime now)
    {
        (instance.VmState, instance.TaskState, instance.PowerState) = (VmState.Deleted, null, PowerState.NoState);
        (instance.DeletedAt, instance.UpdatedAt) = (now, now);
    }
}
