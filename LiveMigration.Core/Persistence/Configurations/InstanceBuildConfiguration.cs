using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class InstanceBuildConfiguration : IEntityTypeConfiguration<InstanceBuild>
{
    public void Configure(EntityTypeBuilder<InstanceBuild> builder)
    {
        builder.ToTable("instance_builds");
        builder.HasKey(build => build.Id);
        builder.Property(build => build.RequestId).HasMaxLength(64);
        builder.Property(build => build.SagaVersion).HasMaxLength(64);
        builder.Property(build => build.Reason).HasMaxLength(2000);
        builder.HasOne<Instance>().WithMany().HasForeignKey(build => build.InstanceUuid);
        builder.HasIndex(build => build.FinishedAt);
    }
}
