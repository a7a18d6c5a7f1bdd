using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

internal sealed class IssuedTokenConfiguration : IEntityTypeConfiguration<IssuedToken>
{
    public void Configure(EntityTypeBuilder<IssuedToken> builder)
    {
        builder.ToTable("issued_tokens");
        builder.HasKey(token => token.Hash);
        builder.Property(token => token.Hash).HasMaxLength(64);
        builder.HasOne<User>().WithMany().HasForeignKey(token => token.UserId);
        builder.HasIndex(token => token.ExpiresAt);
    }
}
