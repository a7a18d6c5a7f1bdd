using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class RoleAssignmentConfiguration : IEntityTypeConfiguration<RoleAssignment>
{
    public void Configure(EntityTypeBuilder<RoleAssignment> builder)
    {
        builder.ToTable("role_assignments");
        builder.HasKey(grant => new { grant.UserId, grant.ScopeId, grant.RoleId });
        builder.HasOne<User>().WithMany().HasForeignKey(grant => grant.UserId);
        builder.HasOne<Role>().WithMany().HasForeignKey(grant => grant.RoleId);
        // No key to projects: a scope may be the domain too.
        builder.HasIndex(grant => grant.ScopeId);
    }
}
