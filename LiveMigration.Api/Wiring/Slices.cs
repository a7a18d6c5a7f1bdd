using LiveMigration.Api.Aggregates;
using LiveMigration.Api.Alerts;
using LiveMigration.Api.Flavors;
using LiveMigration.Api.Hosting;
using LiveMigration.Api.Hosts;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Images;
using LiveMigration.Api.InstanceActions;
using LiveMigration.Api.Limits;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Migrations;
using LiveMigration.Api.Networks;
using LiveMigration.Api.ServerGroups;
using LiveMigration.Api.Servers;

namespace LiveMigration.Api.Wiring;

/// <summary>Every use case that has a route.</summary>
internal static class Slices
{
    /// <summary>Maps them.</summary>
    public static void MapSlices(this IEndpointRouteBuilder routes)
    {
        VersionDocuments.Map(routes);
        Health.Map(routes);
        routes.MapIdentity();
        ListServers.Map(routes);
        ShowServer.Map(routes);
        UpdateServer.Map(routes);
        CreateServer.Map(routes);
        DeleteServerAction.Map(routes);
        ServerActions.Map(routes);
        ServerMetadata.Map(routes);
        ServerTags.Map(routes);
        ServerAttachments.Map(routes);
        ShowDiagnostics.Map(routes);
        ListServerMigrations.Map(routes);
        ShowServerMigration.Map(routes);
        AbortServerMigration.Map(routes);
        ForceCompleteMigration.Map(routes);
        ListMigrations.Map(routes);
        StartMigration.Map(routes);
        ShowMigrationReport.Map(routes);
        ListPendingCleanups.Map(routes);
        ListAlerts.Map(routes);
        ListInstanceActions.Map(routes);
        ShowInstanceAction.Map(routes);
        ListServices.Map(routes);
        UpdateService.Map(routes);
        DeleteService.Map(routes);
        ListAvailabilityZones.Map(routes);
        AggregateRoutes.Map(routes);
        AggregateActions.Map(routes);
        ServerGroupRoutes.Map(routes);
        ReceiveExternalEvents.Map(routes);
        ShowLimits.Map(routes);
        ListExtensions.Map(routes);
        ListKeypairs.Map(routes);
        ShowQuotas.Map(routes);
        ShowUsage.Map(routes);
        ListHypervisors.Map(routes);
        ShowHypervisor.Map(routes);
        SearchHypervisors.Map(routes);
        ShowHypervisorStatistics.Map(routes);
        ListFlavors.Map(routes);
        ShowFlavor.Map(routes);
        CreateFlavor.Map(routes);
        UpdateFlavor.Map(routes);
        DeleteFlavor.Map(routes);
        FlavorExtraSpecs.Map(routes);
        FlavorAccess.Map(routes);
        FlavorActions.Map(routes);
        ImageVersions.Map(routes);
        ListImages.Map(routes);
        ShowImage.Map(routes);
        ImageSchemas.Map(routes);
        NetworkVersions.Map(routes);
        ListNetworks.Map(routes);
        ListPorts.Map(routes);
    }
}
