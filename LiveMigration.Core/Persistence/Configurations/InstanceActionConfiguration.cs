using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class InstanceActionConfiguration
    : IEntityTypeConfiguration<InstanceAction>, IEntityTypeConfiguration<InstanceActionEvent>
{
    public void Configure(EntityTypeBuilder<InstanceAction> builder)
    {
        builder.ToTable("instance_actions");
        builder.HasKey(action => action.Id);
        builder.Property(action => action.RequestId).HasMaxLength(64);
        builder.HasMany(action => action.Events).WithOne().HasForeignKey(row => row.ActionId);
        builder.HasIndex(action => new { action.InstanceUuid, action.RequestId });
        builder.HasIndex(action => action.RequestId);
    }

    public void Configure(EntityTypeBuilder<InstanceActionEvent> builder)
    {
        builder.ToTable("instance_action_events");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Event).HasMaxLength(255);
        builder.Property(row => row.Details).HasMaxLength(2000);
    }
}
