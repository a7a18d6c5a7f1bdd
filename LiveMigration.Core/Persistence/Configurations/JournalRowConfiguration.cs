using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class JournalRowConfiguration : IEntityTypeConfiguration<JournalRow>
{
    public void Configure(EntityTypeBuilder<JournalRow> builder)
    {
        builder.ToTable("journal");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Step).HasMaxLength(64);
        builder.Property(row => row.Reason).HasMaxLength(2000);
        builder.HasOne<Migration>().WithMany().HasForeignKey(row => row.MigrationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(row => new { row.MigrationId, row.Sequence }).IsUnique();
    }
}
