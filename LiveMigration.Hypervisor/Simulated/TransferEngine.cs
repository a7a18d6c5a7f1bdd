using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>Drives transfers through their phases. Everything here runs under the cloud's lock.</summary>
internal sealed class TransferEngine(CloudState state)
{
    // No pass is shorter: a guest that writes nothing while a pass is held would otherwise pass for ever in one instant.
    private static readonly TimeSpan ShortestPass = TimeSpan.FromMilliseconds(1);

    public void SettleAll()
    {
        foreach (var transfer in state.Transfers) transfer.Settle(state.Now);
    }

    /// <summary>Gives every transfer its share of its link and plans its next step where that changed.</summary>
    public void Replan()
    {
        foreach (var transfer in state.Transfers)
        {
            var rate = RateOf(transfer);
            if (!transfer.NeedsPlan && rate.Equals(transfer.Rate)) continue;
            transfer.Rate = rate;
            Plan(transfer);
        }
    }

    public Transfer Begin(GuestCopy source, CloudHost destination, TransferRequest request)
    {
        var transfer = new Transfer(source, destination, state.Link(source.Host.Name, destination.Name), request)
        {
            BeganAt = state.Now,
        };
        transfer.Settle(state.Now);
        source.Transfer = transfer;
        source.CompletedJob = null;
        state.Transfers.Add(transfer);
        Enter(transfer, TransferPhase.BeforeTransfer);
        return transfer;
    }

    /// <summary>Lets a parked transfer go on.</summary>
    public void Unpark(Transfer transfer)
    {
        transfer.IsParked = false;
        GoOn(transfer);
    }

    /// <summary>Ends a transfer badly, wherever it is. What becomes of the guest depends on the phase.</summary>
    public void Fail(Transfer transfer, Exception reason)
    {
        if (transfer.CanBeTakenBack)
        {
            if (transfer.Incoming is { } incoming) state.Remove(incoming, RunCause.Killed);
            if (transfer.Source.State == GuestState.PausedMigrated)
                state.SetState(transfer.Source, transfer.BeforeHandover, RunCause.TakenBack);
            End(transfer, reason);
        }
        else if (transfer.Phase == TransferPhase.AfterHandover)
        {
            // The guest runs over there and the source was not told: libvirt leaves it paused for somebody to look at.
            Settled(transfer, transfer.Incoming!);
            End(transfer, reason);
        }
        else if (transfer.Phase != TransferPhase.Broken)
        {
            Enter(transfer, TransferPhase.Broken);
            transfer.IsParked = false;
            state.SetState(transfer.Source, GuestState.PostCopyFailed, RunCause.Broken);
            state.SetState(transfer.Incoming!, GuestState.PostCopyFailed, RunCause.Broken);
            transfer.Reply.TrySetResult(reason);
        }
    }

    /// <summary>Forgets a transfer that has lost one of its two guests.</summary>
    public void End(Transfer transfer, Exception? failure)
    {
        Enter(transfer, TransferPhase.Ended);
        transfer.Source.Transfer = null;
        if (transfer.Incoming is { } incoming) incoming.Transfer = null;
        state.Transfers.Remove(transfer);
        transfer.Reply.TrySetResult(failure);
    }

    public void SwitchToPostCopy(Transfer transfer)
    {
        transfer.IsPostCopy = true;
        transfer.IsParked = false;
        transfer.Remaining = Math.Min(transfer.Guest.MemoryBytes, transfer.Remaining + transfer.Dirtied);
        transfer.Dirtied = 0;
        EnterHandover(transfer);
    }

    /// <summary>Takes up a post-copy that broke: both sides go on where they stood.</summary>
    public void Resume(Transfer transfer, TransferRequest how)
    {
        transfer.Reopen(how);
        state.SetState(transfer.Source, GuestState.PausedPostCopy, RunCause.HandedOver);
        Arrive(transfer, GuestState.RunningPostCopy);
        Enter(transfer, TransferPhase.PostCopy);
    }

    private double RateOf(Transfer transfer)
    {
        if (transfer.Link.IsCut) return 0;
        var sharers = state.Transfers.Count(t => t.Streams && t.Link == transfer.Link);
        var share = transfer.Link.BytesPerSecond / Math.Max(1, transfer.Streams ? sharers : sharers + 1);

        // QEMU bounds post-copy by a parameter of its own.
        var bound = transfer.Phase == TransferPhase.PostCopy
            ? transfer.Request.PostCopyBandwidthMiBps
            : transfer.BandwidthMiBps;
        return bound > 0 ? Math.Min(share, bound * (double)(1 << 20)) : share;
    }

    private void Plan(Transfer transfer)
    {
        transfer.NeedsPlan = false;
        var plan = ++transfer.Plan;
        if (transfer.IsParked || transfer.IsOver || WaitOf(transfer) is not { } wait) return;
        state.Clock.Plan(state.Now + wait, () =>
        {
            if (plan == transfer.Plan) WorkDone(transfer);
        });
    }

    /// <summary>How long the phase's work still takes; null while it can't be done.</summary>
    private TimeSpan? WaitOf(Transfer transfer) => transfer.Phase switch
    {
        TransferPhase.BeforeTransfer or TransferPhase.BeforeHandover => TimeSpan.Zero,
        TransferPhase.Preparing => transfer.Destination.Options.QemuStart,
        _ when transfer.Rate <= 0 => null,
        TransferPhase.AfterHandover => state.Options.Confirm,
        TransferPhase.Handover => (transfer.IsPostCopy ? TimeSpan.Zero : SendTime(transfer))
            + state.Options.HandOver + transfer.Link.Latency,
        TransferPhase.MemoryCopy => TimeSpan.FromTicks(Math.Max(ShortestPass.Ticks, SendTime(transfer).Ticks)),
        _ => SendTime(transfer),
    };

    private static TimeSpan SendTime(Transfer transfer) => TimeSpan.FromSeconds(transfer.Remaining / transfer.Rate);

    private void Enter(Transfer transfer, TransferPhase phase)
    {
        transfer.Phase = phase;
        transfer.NeedsPlan = true;
        // A guest that never converges passes for days; one line for it is enough.
        if (phase == TransferPhase.MemoryCopy && transfer.Iteration > 1) return;
        state.Note(transfer.Source.Host.Name, transfer.Guest.Uuid, $"transfer: {phase}");
    }

    private void WorkDone(Transfer transfer)
    {
        if (transfer.Phase == TransferPhase.Preparing) StartIncoming(transfer);
        if (transfer.IsOver) return;
        if (state.Holds.Contains((transfer.Phase, null)) || state.Holds.Contains((transfer.Phase, transfer.Guest.Uuid)))
        {
            transfer.IsParked = true;
            state.Note(transfer.Source.Host.Name, transfer.Guest.Uuid, $"held: {transfer.Phase}");
            return;
        }

        GoOn(transfer);
    }

    private void GoOn(Transfer transfer)
    {
        switch (transfer.Phase)
        {
            case TransferPhase.BeforeTransfer:
                Enter(transfer, TransferPhase.Preparing);
                break;
            case TransferPhase.Preparing when transfer.DiskTotal > 0:
                transfer.Remaining = transfer.DiskTotal;
                Enter(transfer, TransferPhase.DiskCopy);
                break;
            case TransferPhase.MemoryCopy when transfer.FitsIntoDowntime(transfer.Rate):
                Enter(transfer, TransferPhase.BeforeHandover);
                break;
            case TransferPhase.BeforeHandover when transfer.FitsIntoDowntime(transfer.Rate):
                transfer.Remaining = transfer.Dirtied;
                EnterHandover(transfer);
                break;
            case TransferPhase.Preparing or TransferPhase.DiskCopy or TransferPhase.MemoryCopy or TransferPhase.BeforeHandover:
                transfer.BeginPass();
                Enter(transfer, TransferPhase.MemoryCopy);
                break;
            case TransferPhase.Handover:
                HandOver(transfer);
                break;
            case TransferPhase.PostCopy:
                if (transfer.Incoming!.State == GuestState.RunningPostCopy)
                    state.SetState(transfer.Incoming, GuestState.Running, RunCause.HandedOver);
                state.SetState(transfer.Source, GuestState.PausedMigrated, RunCause.HandedOver);
                Enter(transfer, TransferPhase.AfterHandover);
                break;
            case TransferPhase.AfterHandover:
                Complete(transfer);
                break;
        }
    }

    private void StartIncoming(Transfer transfer)
    {
        if (Obstacles.AtStart(state.Images, state.Storage, transfer) is { } obstacle)
        {
            Fail(transfer, new HypervisorRefused(transfer.Source.Host.Name, obstacle));
            return;
        }

        var incoming = state.Add(transfer.Destination, transfer.Guest, GuestState.Incoming);
        incoming.Mark = transfer.Source.Mark;
        incoming.DefineAs(transfer.Source, transfer.Request.Changes);
        incoming.Transfer = transfer;
        transfer.Incoming = incoming;
    }

    private void EnterHandover(Transfer transfer)
    {
        transfer.BeforeHandover = transfer.Source.State;
        transfer.StoppedAt = state.Now;
        Enter(transfer, TransferPhase.Handover);
        var stopped = transfer.IsPostCopy ? GuestState.PausedPostCopy : GuestState.PausedMigrated;
        state.SetState(transfer.Source, stopped, RunCause.HandedOver);
    }

    private void HandOver(Transfer transfer)
    {
        transfer.Downtime = state.Now - transfer.StoppedAt;
        Arrive(transfer, transfer.StaysPaused ? GuestState.Paused
            : transfer.IsPostCopy ? GuestState.RunningPostCopy : GuestState.Running);
        Enter(transfer, transfer.IsPostCopy ? TransferPhase.PostCopy : TransferPhase.AfterHandover);
    }

    /// <summary>From the switch on the guest's disks and its definition are the destination's; also when the switch broke and was taken up again.</summary>
    private void Arrive(Transfer transfer, GuestState arrived)
    {
        if (!transfer.Incoming!.Persistent)
        {
            FillCopiedDisks(transfer);
        }

        state.SetState(transfer.Incoming, arrived, RunCause.HandedOver);
        transfer.Incoming.Persistent = true;
    }

    private void FillCopiedDisks(Transfer transfer)
    {
        transfer.Destination.FreeDiskBytes -= (long)(transfer.DiskTotal - state.Images.RoomOf(transfer));
        foreach (var disk in transfer.CopiedDisks)
        {
            if (state.Images.Find(transfer.Source.Host, disk.Path!) is { } image)
                state.Images.Put(transfer.Destination, disk.Path!, image);
        }
    }

    private void Complete(Transfer transfer)
    {
        Settled(transfer, transfer.Incoming!);
        transfer.Source.Transfer = null;
        state.Remove(transfer.Source, RunCause.HandedOver);
        End(transfer, failure: null);
    }

    private void Settled(Transfer transfer, GuestCopy arrived)
    {
        var completed = transfer.Statistics(state.Now, JobState.Completed);
        arrived.CompletedJob = completed;
        transfer.Source.CompletedJob = completed;
    }
}
