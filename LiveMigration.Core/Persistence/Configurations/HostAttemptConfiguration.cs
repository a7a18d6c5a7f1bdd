using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class HostAttemptConfiguration : IEntityTypeConfiguration<HostAttempt>
{
    public void Configure(EntityTypeBuilder<HostAttempt> builder)
    {
        builder.ToTable("host_attempts");
        builder.HasKey(attempt => attempt.Id);
        builder.Property(attempt => attempt.Reason).HasMaxLength(2000);
        builder.HasOne<Migration>().WithMany().HasForeignKey(attempt => attempt.MigrationId);
        builder.HasIndex(attempt => new { attempt.MigrationId, attempt.Host }).IsUnique();
    }
}
