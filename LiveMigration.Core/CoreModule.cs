using LiveMigration.Core.Actions;
using LiveMigration.Core.Alerts;
using LiveMigration.Core.Auditing;
using LiveMigration.Core.Compute;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Images;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Scheduler;
using LiveMigration.Core.Scheduler.Filters;
using LiveMigration.Core.Scheduler.Weighers;
using LiveMigration.Core.Seals;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core;

/// <summary>Registers the conductor, the scheduler, the compute module and what they share.</summary>
public static class CoreModule
{
    /// <summary>
    /// Needs a state store, an <see cref="IComputeDriver"/>, an <see cref="IDiskImages"/>, an <see cref="IVolumeService"/>, an
    /// <see cref="INetworkService"/>, an <see cref="IGuestPower"/>, an <see cref="IGuestBuilder"/>, a <see cref="ServerSettings"/>, an
    /// <see cref="IInstanceQueue"/>, an <see cref="IMigrationQueue"/>, an <see cref="IPowerQueue"/>, an <see cref="IIdSource"/>, a <see cref="TimeProvider"/> and the mediator
    /// (<see cref="MediatRModule"/>) beside it; and an <see cref="IHostSeals"/>, with <see cref="SealsModule.GuardHosts"/> at the end.
    /// </summary>
    public static IServiceCollection AddCore(
        this IServiceCollection services, LiveMigrationSettings settings, AdoptionDefaults owner, PowerSettings? power = null) => services
        .AddSingleton(settings)
        .AddSingleton(power ?? new PowerSettings())
        .AddSingleton(owner)
        .AddSingleton(provider => new TransferDefaults(settings, provider.GetService<HostTransferOverrides>() ?? HostTransferOverrides.None))
        .AddSingleton<ControllerIdentity>()
        .AddSingleton(provider => new HostKeeper(
            provider.GetRequiredService<IHostSeals>(),
            provider.GetRequiredService<ControllerIdentity>(),
            provider.GetService<ControllerSettings>() ?? new ControllerSettings(),
            provider.GetRequiredService<RecordsClock>(),
            provider.GetRequiredService<RecordsLoss>(),
            provider.GetRequiredService<AlertBook>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HostKeeper>>()))
        .AddSingleton<RecordsClock>()
        .AddSingleton<RecordsLoss>()
        .AddSingleton<InstanceActionLog>()
        // conductor
        .AddSingleton<IJournalOutages, SqliteOutages>()
        .AddSingleton<DrivenHere>()
        .AddTransient<LiveMigrationSaga>()
        .AddTransient<Saga<LiveMigrationState>>(provider => provider.GetRequiredService<LiveMigrationSaga>())
        .AddTransient<ISagaJournal<LiveMigrationState>, EfSagaJournal>()
        .AddTransient<SagaRunner<LiveMigrationState>>()
        .AddTransient<BuildInstanceSaga>()
        .AddTransient<Saga<BuildInstanceState>>(provider => provider.GetRequiredService<BuildInstanceSaga>())
        .AddTransient<ISagaJournal<BuildInstanceState>, EfBuildJournal>()
        .AddTransient<SagaRunner<BuildInstanceState>>()
        .AddSingleton<ImageCatalog>()
        .AddSingleton<ToldReasons>()
        .AddTransient<ConductorEvent>()
        .AddTransient<MigrationEnd>()
        .AddTransient<HostAttempts>()
        // scheduler: filters in the order they are asked, the ones that ask a host last
        .AddTransient<IHostFilter, ComputeFilter>()
        .AddTransient<IHostFilter, AvailabilityZoneFilter>()
        .AddTransient<IHostFilter, AggregateMultiTenancyIsolationFilter>()
        .AddTransient<IHostFilter, ServerGroupFilter>()
        .AddTransient<IHostFilter, RamFilter>()
        .AddTransient<IHostFilter, CpuFilter>()
        .AddTransient<IHostWeigher, RamWeigher>()
        .AddTransient<IHostWeigher, ServerGroupSoftWeigher>()
        // compute
        .AddSingleton<SteeringRequests>()
        .AddTransient<MigrationMonitor>()
        .AddTransient<LostGuest>()
        .AddTransient<ForcedPause>()
        .AddTransient<PostCopyRecovery>()
        .AddTransient<MigrationProgress>()
        .AddTransient<PreparationEvent>()
        .AddSingleton<UntidyHosts>()
        .AddTransient<CleanupNotes>()
        .AddSingleton<ProbeFiles>()
        .AddTransient<CopiedDisks>()
        .AddTransient<DiskOwners>()
        .AddSingleton<VifEvents>()
        .AddTransient<VifPlugging>()
        .AddTransient<SlowStart>()
        .AddTransient<UnusedRules>()
        .AddTransient<VolumeNeeds>()
        .AddSingleton<VolumeAccess>()
        // power
        .AddTransient<PowerSwitch>()
        // what is wrong
        .AddSingleton<AlertBook>()
        .AddSingleton<EndedMoves>()
        .AddSingleton<HostSurvey>()
        .AddSingleton<AuditedRecords>()
        .AddSingleton<RecordDrift>()
        .AddSingleton<DriftRepair>()
        .AddSingleton(provider => new Auditor(
            provider.GetRequiredService<IComputeDriver>(),
            provider.GetRequiredService<HostSurvey>(),
            provider.GetRequiredService<AuditedRecords>(),
            provider.GetRequiredService<RecordDrift>(),
            provider.GetRequiredService<DriftRepair>(),
            provider.GetRequiredService<EndedMoves>(),
            provider.GetRequiredService<AlertBook>(),
            settings,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Auditor>>()))
        // inventory
        .AddSingleton<HostRecords>()
        .AddSingleton<GuestRecords>()
        .AddSingleton<PendingCleanups>()
        .AddSingleton(provider => new HostInventory(
            provider.GetRequiredService<IComputeDriver>(),
            provider.GetRequiredService<HostRecords>(),
            provider.GetRequiredService<GuestRecords>(),
            provider.GetRequiredService<PendingCleanups>(),
            provider.GetRequiredService<HostKeeper>(),
            settings,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HostInventory>>()));
}
