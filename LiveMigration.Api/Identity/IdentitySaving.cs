using LiveMigration.Api.Errors;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>Saves what has a name of its own.</summary>
internal static class IdentitySaving
{
    /// <summary>Saves something new; of two who take one name at once, one is told so.</summary>
    /// <exception cref="HttpFault">409: the name was taken meanwhile.</exception>
    public static async Task SaveNewAsync(this ControlPlaneDbContext db, string kind, string name, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (SqliteFaults.IsDuplicate(exception))
        {
            throw IdentityFault.Taken(kind, name);
        }
    }
}
