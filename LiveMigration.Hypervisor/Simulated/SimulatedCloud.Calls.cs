using System.Threading.Channels;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>What a driver can ask of the cloud: the way in, and libvirt's own rules.</content>
public sealed partial class SimulatedCloud
{
    private const string LockHeld =
        "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainMigratePerform3Params)";

    private const string NoPostCopy =
        "Requested operation is not valid: switching to post-copy requires migration to be started with VIR_MIGRATE_POSTCOPY flag";

    private const string Invalid = "Requested operation is not valid";
    private const string NotMigrating = $"{Invalid}: domain is not being migrated";

    internal HostLink LinkOf(string host) => Within(() => LinkOf(HostOf(host)));

    internal Channel<HypervisorEvent> Watch() => Within(() => _state.NewWatcher());

    internal void Unwatch(Channel<HypervisorEvent> watcher) => Within(() => _state.Watchers.Remove(watcher));

    /// <summary>Carries out a call on a host, or lets it fail as the knobs are set.</summary>
    internal async Task<T> CallAsync<T>(string host, SimulatedOperation operation, Func<CloudHost, T> act, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var slowness = Within(() => HostOf(host).Slowness);
        if (slowness > TimeSpan.Zero) await Task.Delay(slowness, _time, ct);
        return Within(() =>
        {
            var there = Reach(host);
            if (_failures.TryGetValue((host, operation), out var failures) && failures.TryDequeue(out var failure) && failure is not null)
            {
                throw failure;
            }

            var result = act(there);
            // The reply to a transfer comes at its end, and is lost there.
            if (operation != SimulatedOperation.Transfer) ThrowIfReplyIsLost(host, operation);
            return result;
        });
    }

    internal void ThrowIfReplyIsLost(string host, SimulatedOperation operation) => Within(() =>
    {
        var lost = _lostReplies.GetValueOrDefault((host, operation));
        if (lost == 0) return;
        _lostReplies[(host, operation)] = lost - 1;
        throw new HypervisorUnavailable(host, ControlCut);
    });

    internal Transfer Begin(CloudHost source, Guid guest, TransferRequest request)
    {
        var destination = HostOf(request.Destination);
        var copy = CopyOf(source.Name, guest);
        if (request.Resume) return Resume(copy, destination, request);
        if (copy.Transfer is not null) throw new HypervisorRefused(source.Name, LockHeld);
        if (copy.State is not (GuestState.Running or GuestState.Paused)) throw new HypervisorRefused(source.Name, DomainNotRunning);
        if (copy.Guest.Obstacles is [var obstacle, ..]) throw new HypervisorRefused(source.Name, Obstacles.InWords(obstacle));
        if (source == destination)
            throw new HypervisorRefused(source.Name, "Requested operation is not valid: migration with a local host is not possible");
        RefuseUnreachable(source, destination);
        return _engine.Begin(copy, destination, request);
    }

    private Transfer Resume(GuestCopy copy, CloudHost destination, TransferRequest request)
    {
        if (copy.Transfer is not { Phase: TransferPhase.Broken } transfer || copy != transfer.Source)
            throw new HypervisorRefused(copy.Host.Name, $"{Invalid}: migration of domain {copy.Guest.Options.Name} is not in post-copy phase");
        RefuseUnreachable(copy.Host, destination);
        _engine.Resume(transfer, request);
        return transfer;
    }

    private void RefuseUnreachable(CloudHost source, CloudHost destination)
    {
        if (destination.LibvirtdIsDead || _state.Link(source.Name, destination.Name).IsCut)
        {
            throw new HypervisorRefused(
                source.Name,
                $"operation failed: Failed to connect to remote libvirt URI qemu+ssh://{destination.Name}/system: No route to host");
        }
    }

    internal GuestCopy CopyOf(CloudHost host, Guid guest) => CopyOf(host.Name, guest);

    /// <summary>A guest whose definition or processors may be changed: libvirt allows it to none that has a job.</summary>
    internal GuestCopy IdleCopyOf(CloudHost host, Guid guest)
    {
        var copy = CopyOf(host.Name, guest);
        return copy.Transfer is null ? copy : throw new HypervisorRefused(host.Name, LockHeld);
    }

    internal JobStatistics JobOf(CloudHost host, Guid guest)
    {
        var copy = CopyOf(host.Name, guest);
        if (copy.Transfer is not { } transfer) return JobStatistics.None;
        return copy == transfer.Source
            ? transfer.Statistics(_state.Now, JobState.Active)
            : throw new HypervisorRefused(
                host.Name, "Requested operation is not valid: migration statistics are available only on the source host");
    }

    internal void SetMaxDowntime(CloudHost host, Guid guest, TimeSpan downtime) =>
        OutgoingOf(host, guest).MaxDowntime = downtime;

    internal void SetBandwidth(CloudHost host, Guid guest, long mibps) => OutgoingOf(host, guest).BandwidthMiBps = mibps;

    internal void Abort(CloudHost host, Guid guest)
    {
        if (CopyOf(host.Name, guest).Transfer is not { } transfer || transfer.Phase == TransferPhase.AfterHandover) return;
        if (transfer.IsPostCopy)
            throw new HypervisorRefused(host.Name, $"{Invalid}: canceling migration in post-copy mode is not possible");
        _engine.Fail(transfer, new HypervisorRefused(
            transfer.Source.Host.Name, "operation aborted: migration out job: canceled by client"));
    }

    internal void StartPostCopy(CloudHost host, Guid guest)
    {
        var transfer = OutgoingOf(host, guest);
        if (!transfer.Request.PermitPostCopy)
            throw new HypervisorRefused(host.Name, NoPostCopy);
        if (transfer.IsPostCopy || transfer.Phase > TransferPhase.BeforeHandover) return;
        if (transfer.Phase < TransferPhase.MemoryCopy) throw new HypervisorRefused(host.Name, NotMigrating);
        _engine.SwitchToPostCopy(transfer);
    }

    internal void Suspend(CloudHost host, Guid guest)
    {
        var copy = CopyOf(host.Name, guest);
        if (copy.State is GuestState.Paused or GuestState.PausedMigrated or GuestState.PausedPostCopy) return;
        if (!copy.Runs) throw new HypervisorRefused(host.Name, DomainNotRunning);
        _state.SetState(copy, GuestState.Paused, RunCause.Asked);
    }

    internal void Resume(CloudHost host, Guid guest)
    {
        var copy = CopyOf(host.Name, guest);
        if (copy.Runs) return;
        copy = IdleCopyOf(host, guest);
        // libvirt lets what has been handed over run again; whoever asks for it makes two of one guest. The audit tells.
        if (copy.State is not (GuestState.Paused or GuestState.PausedMigrated)) throw new HypervisorRefused(host.Name, DomainNotRunning);
        _state.SetState(copy, GuestState.Running, RunCause.Asked);
    }

    internal bool RemoveLeftover(CloudHost host, Guid guest, MigrationMark mark)
    {
        if (!host.Guests.TryGetValue(guest, out var copy)) return true;
        RefuseForeign(host, copy, mark);
        if (copy.State is not (GuestState.Incoming or GuestState.Off or GuestState.PausedMigrated or GuestState.Crashed))
            throw new HypervisorRefused(host.Name, $"guest {guest} is {copy.State}, not a leftover");
        if (copy.Transfer is { } transfer)
        {
            if (copy == transfer.Source) throw new HypervisorRefused(host.Name, $"guest {guest} is being migrated");
            _engine.Fail(transfer, new HypervisorRefused(transfer.Source.Host.Name, StreamBroken));
            return true;
        }

        _state.Remove(copy, RunCause.Killed);
        return true;
    }

    internal bool CreateFile(CloudHost host, string folder, string name)
    {
        if (host.StorageOf(folder) is not { } storage) return false;
        _state.Files.Add((storage, name));
        return true;
    }

    internal bool SeesFile(CloudHost host, string folder, string name) =>
        host.StorageOf(folder) is { } storage && _state.Files.Contains((storage, name));

    internal bool HasFile(CloudHost host, string path) =>
        Path.GetDirectoryName(path) is { } folder && SeesFile(host, folder, Path.GetFileName(path));

    internal void RemoveFile(CloudHost host, string folder, string name)
    {
        if (host.StorageOf(folder) is { } storage) _state.Files.Remove((storage, name));
    }

    private Transfer OutgoingOf(CloudHost host, Guid guest)
    {
        var copy = CopyOf(host.Name, guest);
        return copy.Transfer is { } transfer && copy == transfer.Source
            ? transfer
            : throw new HypervisorRefused(host.Name, NotMigrating);
    }

    private CloudHost Reach(string name)
    {
        var host = HostOf(name);
        if (host.LibvirtdIsDead) throw new HypervisorUnavailable(name, LibvirtdDead);
        return host.ControlIsCut ? throw new HypervisorUnavailable(name, ControlCut) : host;
    }
}
