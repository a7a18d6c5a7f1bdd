using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class OutgoingNotificationConfiguration
    : IEntityTypeConfiguration<OutgoingNotification>, IEntityTypeConfiguration<SinkPosition>
{
    public void Configure(EntityTypeBuilder<OutgoingNotification> builder)
    {
        builder.ToTable("outbox");
        // EF lets SQLite count with AUTOINCREMENT: an id that a sink has passed is never given again.
        builder.HasKey(row => row.Id);
        builder.Property(row => row.EventType).HasMaxLength(255);
        builder.Property(row => row.Priority).HasMaxLength(16);
        builder.Property(row => row.RequestId).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<SinkPosition> builder)
    {
        builder.ToTable("sink_positions");
        builder.HasKey(row => row.Sink);
        builder.Property(row => row.Sink).HasMaxLength(64);
    }
}
