using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class FlavorConfiguration : IEntityTypeConfiguration<Flavor>
{
    public void Configure(EntityTypeBuilder<Flavor> builder)
    {
        builder.ToTable("flavors");
        builder.HasKey(flavor => flavor.Id);
        builder.Property(flavor => flavor.FlavorId).HasMaxLength(255);
        builder.Property(flavor => flavor.Name).HasMaxLength(255);
        builder.Property(flavor => flavor.ExtraSpecs).HasJson();
        builder.Property(flavor => flavor.Projects).HasJson();
        builder.Property(flavor => flavor.Version).IsConcurrencyToken();
        builder.HasIndex(flavor => flavor.FlavorId).IsUnique();
        builder.HasIndex(flavor => flavor.Name).IsUnique();

        // Nova's own of old, under its ids. They come with the schema: one that is removed does not come back.
        builder.HasData(
            Default(1, "m1.tiny", 512, 1, 1),
            Default(2, "m1.small", 2_048, 1, 20),
            Default(3, "m1.medium", 4_096, 2, 40),
            Default(4, "m1.large", 8_192, 4, 80),
            Default(5, "m1.xlarge", 16_384, 8, 160));
    }

    private static Flavor Default(int id, string name, int memoryMiB, int vcpus, int diskGiB) => new()
    {
        Id = id,
        FlavorId = id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Name = name,
        MemoryMiB = memoryMiB,
        Vcpus = vcpus,
        DiskGiB = diskGiB,
        CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };
}
