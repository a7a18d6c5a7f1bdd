using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace LiveMigration.Core.Persistence;

/// <summary>For <c>dotnet ef</c> only: a context on a file that is never opened.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ControlPlaneDbContext>
{
    public ControlPlaneDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, "design-time.db");
        return new ControlPlaneDbContext(options.Options);
    }
}
