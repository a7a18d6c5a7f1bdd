using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class DiskClaimConfiguration : IEntityTypeConfiguration<DiskClaim>
{
    public void Configure(EntityTypeBuilder<DiskClaim> builder)
    {
        builder.ToTable("disk_claims");
        builder.HasKey(claim => claim.Id);
        builder.HasOne<Migration>().WithMany().HasForeignKey(claim => claim.MigrationId);
        builder.HasIndex(claim => new { claim.MigrationId, claim.Folder }).IsUnique();
        builder.HasIndex(claim => claim.Host);
    }
}
