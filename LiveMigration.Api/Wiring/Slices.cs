using LiveMigration.Api.Hosts;
using LiveMigration.Api.Identity;
using LiveMigration.Api.InstanceActions;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Migrations;
using LiveMigration.Api.Servers;

namespace LiveMigration.Api.Wiring;

/// <summary>Every use case that has a route.</summary>
internal static class Slices
{
    /// <summary>Maps them.</summary>
    public static void MapSlices(this IEndpointRouteBuilder routes)
    {
        VersionDocuments.Map(routes);
        routes.MapIdentity();
        ListServers.Map(routes);
        ShowServer.Map(routes);
        ServerActions.Map(routes);
        ListServerMigrations.Map(routes);
        ShowServerMigration.Map(routes);
        AbortServerMigration.Map(routes);
        ForceCompleteMigration.Map(routes);
        ListMigrations.Map(routes);
        StartMigration.Map(routes);
        ShowMigrationReport.Map(routes);
        ListPendingCleanups.Map(routes);
        ListInstanceActions.Map(routes);
        ShowInstanceAction.Map(routes);
        ListServices.Map(routes);
        UpdateService.Map(routes);
        ListHypervisors.Map(routes);
        ShowHypervisor.Map(routes);
        SearchHypervisors.Map(routes);
        ShowHypervisorStatistics.Map(routes);
    }
}
