using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Limits;

/// <summary>What a project uses.</summary>
/// <param name="Instances">Its servers.</param>
/// <param name="Cores">Their processors.</param>
/// <param name="MemoryMiB">Their memory, MiB.</param>
/// <param name="ServerGroups">Its groups.</param>
internal sealed record ProjectUse(int Instances, int Cores, long MemoryMiB, int ServerGroups)
{
    /// <summary>Nova's number for "no limit": hosts are what limits a project here.</summary>
    public const int Unlimited = -1;

    /// <summary>Counts.</summary>
    public static async Task<ProjectUse> ReadAsync(ControlPlaneDbContext db, string project, CancellationToken ct)
    {
        var servers = db.Instances.Where(server => server.ProjectId == project && server.VmState != VmState.Deleted);
        return new ProjectUse(
            await servers.CountAsync(ct),
            await servers.SumAsync(server => server.Vcpus, ct),
            await servers.SumAsync(server => server.MemoryMiB, ct),
            await db.ServerGroups.CountAsync(group => group.ProjectId == project, ct));
    }
}
