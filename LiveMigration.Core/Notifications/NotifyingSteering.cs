using System.Globalization;
using LiveMigration.Core.Conductor;
using MediatR;

namespace LiveMigration.Core.Notifications;

/// <summary>Tells of requests to abort and to force that were taken; of those that were refused there is nothing to tell.</summary>
internal sealed class NotifyingSteering<TRequest, TResponse>(MigrationNotifier notifier) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var (migration, due) = request switch
        {
            AbortLiveMigration.Request abort => (abort.Migration, Due(NotificationNames.AbortStart, NotificationNames.AbortEnd, abort.Caller.RequestId)),
            ForceCompleteLiveMigration.Request force => (force.Migration, Due(NotificationNames.ForceStart, NotificationNames.ForceEnd, force.Caller.RequestId)),
            _ => ("", []),
        };
        if (!int.TryParse(migration, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return await next();
        }

        var succeeded = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = notifier.NotifyOnceDone(id, due, succeeded.Task);
        try
        {
            var response = await next();
            succeeded.SetResult(true);
            return response;
        }
        finally
        {
            succeeded.TrySetResult(false);
        }
    }

    private static IReadOnlyList<Occurrence> Due(Notification start, Notification end, string requestId) =>
        [new(start, requestId), new(end, requestId)];
}
