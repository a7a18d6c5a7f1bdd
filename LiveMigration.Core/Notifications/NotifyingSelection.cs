using System.Globalization;
using LiveMigration.Core.Scheduler;
using MediatR;

namespace LiveMigration.Core.Notifications;

/// <summary>Tells of each question to the scheduler. A host that was forced was never its to choose: then there is nothing to tell.</summary>
internal sealed class NotifyingSelection(MigrationNotifier notifier)
    : IPipelineBehavior<SelectDestinations.Request, SelectDestinations.Response>
{
    public async Task<SelectDestinations.Response> Handle(
        SelectDestinations.Request request, CancellationToken cancellationToken, RequestHandlerDelegate<SelectDestinations.Response> next)
    {
        if (!request.Filtered)
        {
            return await next();
        }

        var start = Told(NotificationNames.SelectStart, request);
        await notifier.NotifyAsync(request.MigrationId, [start], cancellationToken);
        var response = await next();
        await notifier.NotifyAsync(request.MigrationId, [start with { What = NotificationNames.SelectEnd }], cancellationToken);
        return response;
    }

    private static Occurrence Told(Notification what, SelectDestinations.Request request) =>
        new(what, request.Refusals.Count.ToString(CultureInfo.InvariantCulture))
        {
            IgnoreHosts = [request.Source, .. request.Refusals.Keys.Order(StringComparer.Ordinal)],
            RequestedHost = request.OnlyHost,
        };
}
