using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class MigrationConfiguration : IEntityTypeConfiguration<Migration>
{
    public void Configure(EntityTypeBuilder<Migration> builder)
    {
        builder.ToTable("migrations");
        builder.HasKey(migration => migration.Id);
        builder.Property(migration => migration.RequestId).HasMaxLength(64);
        builder.Property(migration => migration.Reason).HasMaxLength(2000);
        builder.Property(migration => migration.Version).IsConcurrencyToken();
        builder.HasOne<Instance>().WithMany().HasForeignKey(migration => migration.InstanceUuid).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(migration => migration.Uuid).IsUnique();
        builder.HasIndex(migration => new { migration.CreatedAt, migration.Id });

        // The real guard behind "409, already migrating": at most one open migration an instance.
        builder.HasIndex(migration => migration.InstanceUuid).IsUnique().HasDatabaseName("ix_one_open_migration_an_instance")
            .HasFilter("\"FinishedAt\" IS NULL");
        builder.HasIndex(migration => migration.FinishedAt).HasFilter("\"FinishedAt\" IS NULL");
    }
}
