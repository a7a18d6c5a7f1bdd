using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class PendingCleanupConfiguration : IEntityTypeConfiguration<PendingCleanup>
{
    public void Configure(EntityTypeBuilder<PendingCleanup> builder)
    {
        builder.ToTable("pending_cleanups");
        builder.HasKey(cleanup => cleanup.Id);
        builder.Property(cleanup => cleanup.Reason).HasMaxLength(2000);
        builder.HasOne<Migration>().WithMany().HasForeignKey(cleanup => cleanup.MigrationId);
        builder.HasIndex(cleanup => new { cleanup.MigrationId, cleanup.Host }).IsUnique();
    }
}
