using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class ServerGroupConfiguration : IEntityTypeConfiguration<ServerGroup>
{
    public void Configure(EntityTypeBuilder<ServerGroup> builder)
    {
        builder.ToTable("server_groups");
        builder.HasKey(group => group.Uuid);
        builder.Property(group => group.Name).HasMaxLength(255);
        builder.Property(group => group.Policy).HasMaxLength(32);
    }
}
