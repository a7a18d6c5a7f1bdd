using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>The knobs: everything that can go wrong in a cloud, on purpose.</content>
public sealed partial class SimulatedCloud
{
    private const string StreamBroken =
        "operation failed: migration out job: unexpectedly failed: Unable to write to socket: Connection reset by peer";
    private const string LostDestination = "operation failed: Lost connection to destination host";
    private const string DomainNotRunning = "Requested operation is not valid: domain is not running";
    private const string ControlCut = "Cannot recv data: Connection reset by peer";
    private const string LibvirtdDead = "End of file while reading data: Input/output error";

    private readonly Dictionary<(string Host, SimulatedOperation Operation), Queue<Exception?>> _failures = [];
    private readonly Dictionary<(string Host, SimulatedOperation Operation), int> _lostReplies = [];

    /// <summary>Keeps transfers at the end of a phase, until released.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="guest">The only guest that it is meant for; null for all.</param>
    public void HoldAt(TransferPhase phase, Guid? guest = null) => Within(() => _state.Holds.Add((phase, guest)));

    /// <summary>Takes a hold away; what stands there goes on.</summary>
    public void Release(TransferPhase phase, Guid? guest = null) => Within(() =>
    {
        _state.Holds.Remove((phase, guest));
        foreach (var transfer in _state.Transfers.Where(t => t.IsParked && t.Phase == phase).ToList())
        {
            if (guest is null || transfer.Guest.Uuid == guest) _engine.Unpark(transfer);
        }
    });

    /// <summary>The next call of this kind on this host fails, before anything was done. May be stacked.</summary>
    /// <param name="host">The host.</param>
    /// <param name="operation">The kind.</param>
    /// <param name="failure">What its caller is told.</param>
    /// <param name="after">How many such calls go well before.</param>
    public void FailNext(string host, SimulatedOperation operation, Exception failure, int after = 0) => Within(() =>
    {
        if (!_failures.TryGetValue((host, operation), out var queue)) _failures[(host, operation)] = queue = new Queue<Exception?>();
        for (var call = 0; call < after; call++) queue.Enqueue(null);
        queue.Enqueue(failure);
    });

    /// <summary>The next call of this kind on this host is carried out, but its caller is told that the host is gone.</summary>
    public void LoseReply(string host, SimulatedOperation operation) => Within(() =>
        _lostReplies[(host, operation)] = _lostReplies.GetValueOrDefault((host, operation)) + 1);

    /// <summary>Ends <see cref="FailNext(string, SimulatedOperation, Exception, int)"/> and <see cref="LoseReply(string, SimulatedOperation)"/> where they have not come to pass.</summary>
    public void HealCalls(string host) => Within(() =>
    {
        foreach (var operation in Enum.GetValues<SimulatedOperation>())
        {
            _failures.Remove((host, operation));
            _lostReplies.Remove((host, operation));
        }
    });

    /// <summary>Delays every call to a host; <see cref="TimeSpan.Zero"/> ends it.</summary>
    public void SlowCalls(string host, TimeSpan delay) => Within(() => HostOf(host).Slowness = delay);

    /// <summary>Cuts the controller off from a host. The host itself, and every transfer, goes on.</summary>
    public void CutControl(string host) => GoAway(host, h => h.ControlIsCut = true, ControlCut);

    /// <summary>Ends <see cref="CutControl"/>.</summary>
    public void HealControl(string host) => ComeBack(host, h => h.ControlIsCut = false);

    /// <summary>
    /// Kills a host's libvirtd; its guests go on. A transfer from or to it that has not handed over fails, and the guest
    /// stays at the source; one in post-copy goes on.
    /// </summary>
    public void KillLibvirtd(string host) => GoAway(
        host,
        h =>
        {
            h.LibvirtdIsDead = true;
            foreach (var transfer in _state.Transfers.Where(t => t.Source.Host == h || t.Destination == h).ToList())
            {
                if (transfer.CanBeTakenBack || (transfer.Phase == TransferPhase.AfterHandover && transfer.Source.Host == h))
                    _engine.Fail(transfer, new HypervisorRefused(transfer.Source.Host.Name, LostDestination));
            }
        },
        LibvirtdDead);

    /// <summary>Starts a libvirtd that was killed.</summary>
    public void StartLibvirtd(string host) => ComeBack(host, h => h.LibvirtdIsDead = false);

    /// <summary>
    /// Cuts the link between two hosts: transfers stall. If it is not healed within
    /// <see cref="SimulatedCloudOptions.StreamTimeout"/>, their streams break.
    /// </summary>
    public void CutLink(string a, string b) => Within(() =>
    {
        var link = _state.Link(HostOf(a).Name, HostOf(b).Name);
        var cut = ++link.Cuts;
        link.IsCut = true;
        _state.Note(a, null, $"link to {b} cut");
        _state.Clock.Plan(_state.Now + _state.Options.StreamTimeout, () =>
        {
            if (link.IsCut && link.Cuts == cut) Break(link);
        });
    });

    /// <summary>Ends <see cref="CutLink"/>; transfers whose stream has not broken go on.</summary>
    public void HealLink(string a, string b) => Within(() => _state.Link(HostOf(a).Name, HostOf(b).Name).IsCut = false);

    /// <summary>Breaks every stream between two hosts, at once. New transfers are possible.</summary>
    public void BreakStream(string a, string b) => Within(() => Break(_state.Link(HostOf(a).Name, HostOf(b).Name)));

    /// <summary>Changes what a link carries, MiB/s.</summary>
    public void SetBandwidth(string a, string b, double mibps) =>
        Within(() => _state.Link(HostOf(a).Name, HostOf(b).Name).BytesPerSecond = mibps * (1 << 20));

    /// <summary>Kills a guest's QEMU on one host; a definition that the host keeps stays.</summary>
    public void KillQemu(string host, Guid guest) => Within(() =>
    {
        var copy = CopyOf(host, guest);
        if (copy.Transfer is not { } transfer)
        {
            StopQemu(copy);
            return;
        }

        var failure = new HypervisorRefused(transfer.Source.Host.Name, DomainNotRunning);
        if (transfer.CanBeTakenBack)
        {
            if (copy == transfer.Source) StopQemu(copy);
            _engine.Fail(transfer, failure);
            return;
        }

        _engine.Fail(transfer, failure);
        if (!transfer.HasEnded) _engine.End(transfer, failure);
        StopQemu(copy);
    });

    /// <summary>The guest writes faster than any link; its transfers pass over its memory for ever.</summary>
    public void NeverConverge(Guid guest, bool never = true) => Within(() =>
        _state.Guests[guest].NeverConverges = never);

    /// <summary>Changes how fast a guest writes, MiB/s.</summary>
    public void SetDirtyRate(Guid guest, double mibps) => Within(() =>
    {
        _state.Guests[guest].DirtyRate = mibps * (1 << 20);
    });

    /// <summary>Somebody takes a snapshot of a guest, starts a block job on it, or the like.</summary>
    public void PutInTheWay(Guid guest, MoveObstacle obstacle) => Within(() => _state.Guests[guest].Obstacles.Add(obstacle));

    /// <summary>Ends <see cref="PutInTheWay"/>.</summary>
    public void ClearTheWay(Guid guest) => Within(() => _state.Guests[guest].Obstacles.Clear());

    /// <summary>
    /// The guest shuts itself down on this host. A transfer that has not handed over fails with it; after that only the
    /// copy that runs can do so.
    /// </summary>
    public void PowerOff(string host, Guid guest) => KillQemu(host, guest);

    /// <summary>A guest that is not being moved ends or is suspended, and nobody is told.</summary>
    public void StopBehindTheBack(string host, Guid guest, GuestState state) => Within(() =>
    {
        var watchers = _state.Watchers.ToList();
        _state.Watchers.Clear();
        _state.SetState(CopyOf(host, guest), state, RunCause.Killed);
        _state.Watchers.AddRange(watchers);
    });

    /// <summary>An operator at the host pauses a guest, if libvirt lets him.</summary>
    /// <returns>False when it does not.</returns>
    public bool PauseByHand(string host, Guid guest) => Within(() =>
    {
        if (!HostOf(host).Guests.TryGetValue(guest, out var copy) || copy.State != GuestState.Running || copy.Transfer is not null) return false;
        _state.SetState(copy, GuestState.Paused, RunCause.Asked);
        return true;
    });

    /// <summary>Ends <see cref="PauseByHand"/>, if libvirt lets him.</summary>
    /// <returns>False when it does not.</returns>
    public bool ResumeByHand(string host, Guid guest) => Within(() =>
    {
        if (!HostOf(host).Guests.TryGetValue(guest, out var copy) || copy.State != GuestState.Paused || copy.Transfer is not null) return false;
        _state.SetState(copy, GuestState.Running, RunCause.Asked);
        return true;
    });

    /// <summary>Starts a guest on a host behind everybody's back, as somebody with <c>virsh</c> might.</summary>
    public void StartByHand(string host, Guid guest) => Within(() =>
    {
        var there = HostOf(host);
        if (!there.Guests.TryGetValue(guest, out var copy)) _state.Add(there, _state.Guests[guest], GuestState.Running);
        else _state.SetState(copy, GuestState.Running, RunCause.Started);
    });

    private void StopQemu(GuestCopy copy)
    {
        if (copy.Persistent) _state.SetState(copy, GuestState.Off, RunCause.Killed);
        else _state.Remove(copy, RunCause.Killed);
    }

    private void Break(CloudLink link)
    {
        foreach (var transfer in _state.Transfers.Where(t => t.Link == link).ToList())
            _engine.Fail(transfer, new HypervisorRefused(transfer.Source.Host.Name, StreamBroken));
    }

    private void GoAway(string name, Action<CloudHost> change, string error) => Within(() =>
    {
        var host = HostOf(name);
        // Before anything else: who waits for this host learns that it is gone, not what becomes of the transfer.
        foreach (var transfer in _state.Transfers.Where(t => t.Source.Host == host))
            transfer.Reply.TrySetResult(new HypervisorUnavailable(name, error));
        Change(host, change);
    });

    private void ComeBack(string name, Action<CloudHost> change) => Within(() => Change(HostOf(name), change));

    private void Change(CloudHost host, Action<CloudHost> change)
    {
        var answered = host.Answers;
        change(host);
        if (answered == host.Answers) return;
        _state.Note(host.Name, null, host.Answers ? "answers" : "does not answer");
        _state.Announce(new HostLinkChanged(host.Name, LinkOf(host)));
    }

    private static HostLink LinkOf(CloudHost host) => new(
        host.Answers, host.LibvirtdIsDead ? LibvirtdDead : host.ControlIsCut ? ControlCut : null);
}
