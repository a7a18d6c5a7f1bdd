using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Tests.Notifications;

/// <summary>What the tests read of the outbox.</summary>
internal static class OutboxReading
{
    /// <summary>The newest id; 0 when there is none.</summary>
    public static async Task<long> ReadOutboxEndAsync(this ControlPlaneDbContext db) => await db.Outbox.MaxAsync(row => (long?)row.Id) ?? 0;

    /// <summary>How many a sink has not taken.</summary>
    public static async Task<int> ReadOutboxLeftAsync(this ControlPlaneDbContext db, string sink)
    {
        var position = await db.SinkPositions.Where(row => row.Sink == sink).Select(row => row.Position).SingleOrDefaultAsync();
        return await db.Outbox.CountAsync(row => row.Id > position);
    }
}
