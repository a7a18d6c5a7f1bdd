using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>The migrations that have not ended, that nobody drives, and whose time to be tried again has come.</summary>
public static class FindUnfinishedMigrations
{
    /// <summary>Asks for them.</summary>
    public sealed record Request : IRequest<Response>;

    /// <param name="MigrationIds">Their integer ids, oldest first.</param>
    public sealed record Response(IReadOnlyList<int> MigrationIds);
}
