using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class AggregateConfiguration : IEntityTypeConfiguration<Aggregate>
{
    public void Configure(EntityTypeBuilder<Aggregate> builder)
    {
        builder.ToTable("aggregates");
        builder.HasKey(aggregate => aggregate.Id);
        builder.Property(aggregate => aggregate.Name).HasMaxLength(255);
        builder.PrimitiveCollection(aggregate => aggregate.Hosts);
        builder.Ignore(aggregate => aggregate.Zone);
        builder.HasIndex(aggregate => aggregate.Name).IsUnique();
    }
}
