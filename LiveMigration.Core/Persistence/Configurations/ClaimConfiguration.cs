using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class ClaimConfiguration : IEntityTypeConfiguration<Claim>
{
    public void Configure(EntityTypeBuilder<Claim> builder)
    {
        builder.ToTable("claims");
        builder.HasKey(claim => claim.Id);
        builder.HasOne<Migration>().WithMany().HasForeignKey(claim => claim.MigrationId);
        builder.HasIndex(claim => claim.MigrationId).IsUnique();
        builder.HasIndex(claim => claim.Host);
    }
}
