using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>The storage server: what a volume service can ask of it, and its knobs.</content>
public sealed partial class SimulatedCloud
{
    private const string StorageCut = "ssh: connect to host storage port 22: Connection timed out";

    private readonly Dictionary<SimulatedVolumeOperation, Queue<Exception>> _volumeFailures = [];
    private readonly Dictionary<SimulatedVolumeOperation, int> _lostVolumeReplies = [];

    /// <summary>The next call of this kind fails, before anything was done. May be stacked.</summary>
    public void FailNext(SimulatedVolumeOperation operation, Exception failure) => Within(() =>
    {
        if (!_volumeFailures.TryGetValue(operation, out var queue)) _volumeFailures[operation] = queue = new Queue<Exception>();
        queue.Enqueue(failure);
    });

    /// <summary>The next call of this kind is carried out, but its caller is told that the storage server is gone.</summary>
    public void LoseReply(SimulatedVolumeOperation operation) => Within(() =>
        _lostVolumeReplies[operation] = _lostVolumeReplies.GetValueOrDefault(operation) + 1);

    /// <summary>Cuts the controller off from the storage server. Hosts go on using their volumes.</summary>
    public void CutStorage() => Within(() => _state.Storage.IsCut = true);

    /// <summary>Ends <see cref="CutStorage"/>.</summary>
    public void HealStorage() => Within(() => _state.Storage.IsCut = false);

    /// <summary>The hosts that a volume lets in, whether the controller can ask for them or not.</summary>
    public IReadOnlyList<string> AccessTo(Volume volume) => Within(() => _state.Storage.HostsOf(volume).ToList());

    /// <summary>Lets a host in behind everybody's back, as an operator at the storage server might.</summary>
    public void GrantByHand(Volume volume, string host) => Within(() => _state.Storage.Open(volume, HostOf(host).Name));

    internal bool HasVolume(Volume volume) => Within(() => _state.Storage.Has(volume));

    internal Task<T> CallStorageAsync<T>(
        Volume volume, SimulatedVolumeOperation operation, Func<CloudStorage, T> act, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Within(() =>
        {
            var storage = _state.Storage;
            if (storage.IsCut) throw new VolumeServiceUnavailable(volume.Portal, StorageCut);
            if (_volumeFailures.TryGetValue(operation, out var failures) && failures.TryDequeue(out var failure)) throw failure;
            if (operation != SimulatedVolumeOperation.TerminateConnection && !storage.Has(volume))
                throw new VolumeServiceRefused(volume.Portal, $"it has no target {volume.Target}");
            var result = act(storage);
            var lost = _lostVolumeReplies.GetValueOrDefault(operation);
            if (lost == 0) return result;
            _lostVolumeReplies[operation] = lost - 1;
            throw new VolumeServiceUnavailable(volume.Portal, StorageCut);
        }));
    }

    internal void CloseVolume(CloudStorage storage, Volume volume, string host) => storage.Close(volume, HostOf(host));

    internal void OpenVolume(CloudStorage storage, Volume volume, string host) => storage.Open(volume, HostOf(host).Name);
}
