using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Scheduler;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Makes one server. Until its guest has been started everything can be taken back, and is when anything fails: what
/// stays of a failed build is its record with the reason.
/// </summary>
internal sealed class BuildInstanceSaga(IMediator mediator) : Saga<BuildInstanceState>("build-instance", version: 1)
{
    protected override void Define(SagaBuilder<BuildInstanceState> saga) => saga
        .Step("choose-host", ChooseHost)
        .Step("bring-files", BringFiles, undo: RemoveFiles)
        .Step("define-guest", DefineGuest, undo: RemoveGuest)
        .Pivot("start-guest", StartGuest, ask: LookForGuest, attach: StartGuest)
        .Step("complete", Complete)
        .WhenUnwound(NoteFailure, Fail);

    private async Task<BuildInstanceState> ChooseHost(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        var chosen = await mediator.Send(new SelectHost.Request(s.Instance, s.RequestedHost, s.Filtered, s.DiskBytes) { Refused = s.Refused }, ct);
        return s with { Host = chosen.Host };
    }

    private async Task<BuildInstanceState> BringFiles(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(
            new BringImage.Request(s.Instance, s.Host!, s.Image, s.DiskPath, s.DiskBytes, s.KernelPath, s.InitramfsPath), ct);
        if (s.ConfigDrivePath is { } drive)
        {
            await mediator.Send(new BringConfigDrive.Request(s.Instance, s.Host!, drive), ct);
        }

        return s;
    }

    private async Task<BuildInstanceState> RemoveFiles(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        await TakeBackAsync(s, new RemoveFiles.Request(s.Host!, s.Files()), ct);
        return s;
    }

    private async Task<BuildInstanceState> DefineGuest(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        var plan = new GuestPlan(
            s.Instance, s.DomainName, s.Title, s.MemoryMiB, s.Vcpus, s.DiskPath, Path.GetExtension(s.DiskPath)[1..],
            [.. s.Nics.Select(nic => new PlannedNic(nic.Mac, nic.Bridge))])
        {
            Kernel = s.KernelPath,
            Initramfs = s.InitramfsPath,
            ConsolePath = s.ConsolePath,
            ConfigDrivePath = s.ConfigDrivePath,
        };
        await mediator.Send(new DefineGuest.Request(s.Host!, s.Image, plan), ct);
        return s;
    }

    private async Task<BuildInstanceState> RemoveGuest(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        await TakeBackAsync(s, new RemoveGuest.Request(s.Host!, s.Instance), ct);
        return s;
    }

    private async Task<BuildInstanceState> StartGuest(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new StartGuest.Request(s.Host!, s.Instance), ct);
        return s;
    }

    private async Task<PivotObservation> LookForGuest(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        try
        {
            return (await mediator.Send(new HasGuestStarted.Request(s.Host!, s.Instance), ct)).Observation;
        }
        catch (Errors.HypervisorUnavailable silent)
        {
            await mediator.Send(new NoteBuildFault.Request(s.Instance, silent.Message), ct);
            throw;
        }
    }

    private async Task<BuildInstanceState> Complete(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new EndBuild.Request(run.Id, s, Failure: null), ct);
        return s;
    }

    private static BuildInstanceState NoteFailure(BuildInstanceState s, string reason, bool onRequest) =>
        s with { Failure = reason, Cancelled = onRequest };

    private async Task<BuildInstanceState> Fail(BuildInstanceState s, SagaRun run, CancellationToken ct)
    {
        await mediator.Send(new EndBuild.Request(run.Id, s, s.Failure ?? "unknown"), ct);
        return s;
    }

    /// <summary>What can't be taken back now is tried again; that the build has failed is told at once.</summary>
    private async Task TakeBackAsync<T>(BuildInstanceState s, IRequest<T> request, CancellationToken ct)
    {
        try
        {
            await mediator.Send(request, ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await mediator.Send(new NoteBuildFault.Request(s.Instance, s.Failure ?? exception.Message), ct);
            throw;
        }
    }
}
