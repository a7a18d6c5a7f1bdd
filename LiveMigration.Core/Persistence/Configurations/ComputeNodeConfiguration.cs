using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class ComputeNodeConfiguration : IEntityTypeConfiguration<ComputeNode>
{
    public void Configure(EntityTypeBuilder<ComputeNode> builder)
    {
        builder.ToTable("compute_nodes");
        builder.HasKey(node => node.Id);
        builder.Property(node => node.Host).HasMaxLength(255);
        builder.Property(node => node.DisabledReason).HasMaxLength(255);
        builder.Property(node => node.Version).IsConcurrencyToken();
        builder.Ignore(node => node.IsUp);
        builder.HasIndex(node => node.Host).IsUnique();
        builder.HasIndex(node => node.Uuid).IsUnique();
        builder.HasIndex(node => node.ServiceUuid).IsUnique();
    }
}
