using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class PowerTaskConfiguration : IEntityTypeConfiguration<PowerTask>
{
    public void Configure(EntityTypeBuilder<PowerTask> builder)
    {
        builder.ToTable("power_tasks");
        builder.HasKey(task => task.Id);
        builder.Property(task => task.RequestId).HasMaxLength(64);
        builder.Property(task => task.Host).HasMaxLength(255);
        builder.HasIndex(task => task.InstanceUuid);
    }
}
