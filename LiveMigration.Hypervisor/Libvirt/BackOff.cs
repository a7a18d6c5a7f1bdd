namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>How long to wait before the next attempt: doubling, bounded, and never the same for all hosts at once.</summary>
internal sealed class BackOff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);
    private TimeSpan _next = First;

    internal TimeSpan Next()
    {
        var delay = _next * (0.8 + (0.4 * random.NextDouble()));
        _next = _next * 2 < Most ? _next * 2 : Most;
        return delay;
    }

    internal void Reset() => _next = First;
}
