using LiveMigration.Core.Compute;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Sagas;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Live-migrates one instance. The numbers are those of the seed's workflow, see docs/architecture.md.
/// Until the pivot every step can be undone; after it the guest runs at the destination and there is only forward.
/// In doubt the hypervisors decide, never the journal.
/// </summary>
internal sealed class LiveMigrationSaga(IMediator mediator) : Saga<LiveMigrationState>("live-migration", version: 2)
{
    /// <summary>The last step that a client of microversion &lt; 2.34 waits for.</summary>
    public const string ChecksEnd = "choose-destination";

    protected override void Define(SagaBuilder<LiveMigrationState> saga) => saga
        // 2  conductor: may it move, and where to?
        .Step("check-instance-is-active", CheckInstanceIsActive)
        .Step("check-source-host-is-up", CheckSourceHostIsUp)
        .Step(ChecksEnd, ChooseDestination, undo: ReleaseClaim)                                     // 3, 4, 5
        // 6  source: wait for a free slot on both hosts (status queued → preparing)
        .Step("acquire-migration-slots", AcquireMigrationSlots)
        .Step("mark-guest", MarkGuest, undo: ClearMark)
        // 7  destination made ready                                10 when it must be taken back
        .Step("pre-live-migration", PreLiveMigration, undo: RollbackLiveMigrationAtDestination)
        .Step("create-disks", CreateDisks, undo: RemoveDisks, when: BringsFiles)
        .Step("initialize-volume-connections", InitializeVolumeConnections, undo: RemoveVolumeConnection, when: HasVolumes)    // 7, 9
        .Step("set-up-networks-at-destination", SetUpNetworksAtDestination, undo: TearDownNetworksAtDestination, when: HasRules)
        .Step("wait-for-vif-plugged", WaitForVifPlugged, when: HasInterfaces)
        // 6  source: status running
        .Pivot("live-migration", RunLiveMigration, ask: FindRunningDomain, attach: WatchLiveMigration)
        // 6, 8  the guest runs at the destination: forward only
        .Step("post-live-migration", Forward(PostLiveMigration))
        .Step("terminate-volume-connections", Forward(TerminateVolumeConnections), when: HasVolumes)
        .Step("migrate-instance-start", Forward(MigrateInstanceStart), when: HasRules)
        .Step("migrate-instance-finish", Forward(MigrateInstanceFinish), when: HasInterfaces)
        .Step("post-live-migration-at-destination", Forward(PostLiveMigrationAtDestination))
        .Step("clean-up-source", Forward(CleanUpSource))
        .Step("clear-mark", Forward(ClearMarkAtDestination))     // last: until then both hosts can tell what this migration made
        .Step("complete", Complete)
        .WhenUnwound(NoteFailure, FinishRollback);

    private async Task<LiveMigrationState> CheckInstanceIsActive(LiveMigrationState s, SagaRun run, CancellationToken ct) =>
        s with { WasPaused = (await mediator.Send(new CheckInstanceIsActive.Request(s), ct)).IsPaused };

    private async Task<LiveMigrationState> CheckSourceHostIsUp(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new CheckSourceHostIsUp.Request(s), ct);
        return s;
    }

    private async Task<LiveMigrationState> ChooseDestination(LiveMigrationState s, SagaRun run, CancellationToken ct) =>
        (await mediator.Send(new ChooseDestination.Request(run.Id, s), ct)).State;

    private async Task<LiveMigrationState> ReleaseClaim(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new ReleaseClaim.Request(run.Id), ct);
        return s;
    }

    private async Task<LiveMigrationState> AcquireMigrationSlots(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new AcquireMigrationSlots.Request(run.Id, s), ct);
        return s;
    }

    private async Task<LiveMigrationState> MarkGuest(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new MarkGuest.Request(s.Source, s.Instance, s.Mark(run.Epoch)), ct);
        return s;
    }

    private async Task<LiveMigrationState> ClearMark(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new ClearMark.Request(s.Source, s.Instance, s.Migration), ct);
        return s;
    }

    private async Task<LiveMigrationState> PreLiveMigration(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new PreLiveMigration.Request(s.RequestId, s.Instance, s.Destination!, s.Mark(run.Epoch)), ct);
        return s;
    }

    private async Task<LiveMigrationState> RollbackLiveMigrationAtDestination(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(
            new RollbackLiveMigrationAtDestination.Request(run.Id, s.RequestId, s.Instance, s.Source, s.Destination!, s.Mark(run.Epoch)), ct);
        return s;
    }

    private async Task<LiveMigrationState> CreateDisks(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(Disks(s, afresh: false), ct);
        return s with { DisksMadeInEpoch = run.Epoch };
    }

    private async Task<LiveMigrationState> RemoveDisks(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(
            new RemoveDisks.Request(run.Id, s.Instance, s.Source, s.Destination!, s.Mark(run.Epoch), s.MigrateData!.Files), ct);
        return s;
    }

    private async Task<LiveMigrationState> SetUpNetworksAtDestination(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new SetUpNetworksAtDestination.Request(s.RequestId, s.Source, s.Destination!, s.Network), ct);
        return s;
    }

    private async Task<LiveMigrationState> TearDownNetworksAtDestination(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new TearDownNetworksAtDestination.Request(run.Id, s.Destination!, s.Network), ct);
        return s;
    }

    private async Task<LiveMigrationState> WaitForVifPlugged(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new WaitForVifPlugged.Request(run.Id, s.RequestId, s.Instance, s.Destination!, s.Network), ct);
        return s;
    }

    private async Task<LiveMigrationState> InitializeVolumeConnections(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new InitializeVolumeConnections.Request(s.RequestId, s.Destination!, s.MigrateData!.Volumes), ct);
        return s;
    }

    private async Task<LiveMigrationState> RemoveVolumeConnection(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(
            new RemoveVolumeConnection.Request(
                run.Id, s.Instance, s.Source, s.Destination!, s.Mark(run.Epoch), s.MigrateData!.Volumes),
            ct);
        return s;
    }

    private async Task<LiveMigrationState> RunLiveMigration(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        if (s.MigrateData!.CopyDisks.Count > 0 && s.DisksMadeInEpoch != run.Epoch)
        {
            // An earlier driver may have begun a transfer that filled a part of them before it failed.
            await mediator.Send(Disks(s, afresh: true), ct);
        }

        await mediator.Send(Transfer(s, run, attach: false), ct);
        return s;
    }

    private async Task<LiveMigrationState> WatchLiveMigration(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        try
        {
            return s with { Lost = (await mediator.Send(Transfer(s, run, attach: true), ct)).Lost };
        }
        catch (HypervisorUnavailable silent)
        {
            throw new OutsideSilent(silent.Message, silent);
        }
    }

    private async Task<PivotObservation> FindRunningDomain(LiveMigrationState s, SagaRun run, CancellationToken ct) =>
        (await mediator.Send(new FindRunningDomain.Request(s.Instance, s.Source, s.Destination!, s.Migration), ct)).Observation;

    private async Task<LiveMigrationState> PostLiveMigration(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new PostLiveMigration.Request(run.Id, s.RequestId, s.Instance, s.Source, s.Destination!, s.Lost), ct);
        return s;
    }

    private async Task<LiveMigrationState> MigrateInstanceStart(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new MigrateInstanceStart.Request(run.Id, s.Source, s.Network), ct);
        return s;
    }

    private async Task<LiveMigrationState> MigrateInstanceFinish(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new MigrateInstanceFinish.Request(s.Instance, s.Destination!, s.Network), ct);
        return s;
    }

    private async Task<LiveMigrationState> TerminateVolumeConnections(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(
            new TerminateVolumeConnections.Request(run.Id, s.Instance, s.Source, s.Mark(run.Epoch), s.MigrateData!.Volumes), ct);
        return s;
    }

    private async Task<LiveMigrationState> PostLiveMigrationAtDestination(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new PostLiveMigrationAtDestination.Request(s.RequestId, s.Instance, s.Destination!), ct);
        return s;
    }

    private async Task<LiveMigrationState> CleanUpSource(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new CleanUpSource.Request(run.Id, s.Instance, s.Source, s.Mark(run.Epoch), s.MigrateData!.Files), ct);
        return s;
    }

    private async Task<LiveMigrationState> ClearMarkAtDestination(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new ClearMark.Request(s.Destination!, s.Instance, s.Migration), ct);
        return s;
    }

    private async Task<LiveMigrationState> Complete(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new CompleteLiveMigration.Request(run.Id, s), ct);
        return s;
    }

    private static bool BringsFiles(LiveMigrationState s) => s.MigrateData?.Files.Count > 0;

    private static bool HasVolumes(LiveMigrationState s) => s.MigrateData?.Volumes.Count > 0;

    private static bool HasRules(LiveMigrationState s) => s.Network.Rules.Count > 0;

    private static bool HasInterfaces(LiveMigrationState s) => s.Network.Interfaces.Count > 0;

    /// <summary>A step that must be tried again holds up the migration, not the instance.</summary>
    private StepAction<LiveMigrationState> Forward(StepAction<LiveMigrationState> step) => async (s, run, ct) =>
    {
        try
        {
            return await step(s, run, ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await mediator.Send(new FreeInstance.Request(s.Instance, s.Destination!), ct);
            throw;
        }
    };

    private static LiveMigrationState NoteFailure(LiveMigrationState s, string reason, bool onRequest) =>
        s with { Failure = reason, Cancelled = onRequest };

    private async Task<LiveMigrationState> FinishRollback(LiveMigrationState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new FinishRollback.Request(run.Id, s), ct);
        return s;
    }

    private static CreateDisks.Request Disks(LiveMigrationState s, bool afresh) =>
        new(s.RequestId, s.Migration, s.Source, s.Destination!, s.MigrateData!.Files, afresh);

    private static RunLiveMigration.Request Transfer(LiveMigrationState s, SagaRun run, bool attach) =>
        new(run.Id, s.RequestId, s.Instance, s.Source, s.Destination!, s.MigrateData!, s.Options, s.MigrationAddress, attach)
        {
            Network = s.Network,
            Mark = s.Mark(run.Epoch),
            Lost = s.Lost,
            WasPaused = s.WasPaused,
        };
}
