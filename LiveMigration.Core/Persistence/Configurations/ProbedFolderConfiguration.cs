using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class ProbedFolderConfiguration : IEntityTypeConfiguration<ProbedFolder>
{
    public void Configure(EntityTypeBuilder<ProbedFolder> builder)
    {
        builder.ToTable("probed_folders");
        builder.HasKey(probed => probed.Id);
        builder.HasOne<Migration>().WithMany().HasForeignKey(probed => probed.MigrationId);
        builder.HasIndex(probed => new { probed.MigrationId, probed.Host, probed.Folder }).IsUnique();
    }
}
