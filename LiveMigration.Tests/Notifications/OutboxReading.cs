using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Tests.Notifications;

/// <summary>What the tests read of the outbox.</summary>
internal static class OutboxReading
{
    /// <summary>The newest id; 0 when there is none.</summary>
    public static async Task<long> ReadOutboxEndAsync(this ControlPlaneDbContext db) => await db.Outbox.MaxAsync(row => (long?)row.Id) ?? 0;
}
