using LiveMigration.Api.Hosting;
using LiveMigration.Core.Notifications;

namespace LiveMigration.Api.Notifications;

/// <summary>Delivers notifications as long as the program runs.</summary>
internal sealed class NotificationLoop(NotificationDispatcher dispatcher) : IBackgroundWork
{
    public Task RunAsync(CancellationToken ct) => dispatcher.RunAsync(ct);
}
