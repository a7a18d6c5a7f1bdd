using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class InstanceConfiguration : IEntityTypeConfiguration<Instance>
{
    public void Configure(EntityTypeBuilder<Instance> builder)
    {
        builder.ToTable("instances");
        builder.HasKey(instance => instance.Uuid);
        builder.Property(instance => instance.DisplayName).HasMaxLength(255);
        builder.Property(instance => instance.Description).HasMaxLength(255);
        builder.Property(instance => instance.DomainName).HasMaxLength(255);
        builder.Property(instance => instance.Host).HasMaxLength(255);
        builder.Property(instance => instance.LockedBy).HasMaxLength(16);
        builder.Property(instance => instance.Metadata).HasDefaultValueSql("'{}'");
        builder.PrimitiveCollection(instance => instance.Tags).HasDefaultValueSql("'[]'");
        builder.Property(instance => instance.Version).IsConcurrencyToken();
        builder.Property(instance => instance.FlavorId).HasMaxLength(255);
        builder.Property(instance => instance.FlavorName).HasMaxLength(255);
        builder.Property(instance => instance.FaultMessage).HasMaxLength(2000);
        builder.Property(instance => instance.DeleteRequestId).HasMaxLength(64);
        builder.Property(instance => instance.Origin).HasJson().HasDefaultValueSql("'{}'");
        builder.HasIndex(instance => instance.Host);
        builder.HasIndex(instance => instance.DeleteRequestedAt);
        builder.HasIndex(instance => new { instance.CreatedAt, instance.Uuid });
    }
}
