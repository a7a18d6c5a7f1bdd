using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class ServerGroupMemberConfiguration : IEntityTypeConfiguration<ServerGroupMember>
{
    public void Configure(EntityTypeBuilder<ServerGroupMember> builder)
    {
        builder.ToTable("server_group_members");
        builder.HasKey(member => member.InstanceUuid);
        builder.HasOne<ServerGroup>().WithMany().HasForeignKey(member => member.GroupUuid).OnDelete(DeleteBehavior.Cascade);
    }
}
