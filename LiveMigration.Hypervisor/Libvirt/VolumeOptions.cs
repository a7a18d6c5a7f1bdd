namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>One iSCSI storage server, run by <c>tgtd</c>, whose access lists the controller keeps.</summary>
public sealed record VolumeOptions
{
    /// <summary>The server as guests' definitions name it: <c>10.0.0.5</c>, <c>10.0.0.5:3260</c>, <c>[fd00::5]:3260</c>.</summary>
    public string Portal { get; init; } = "";

    /// <summary>Where <c>tgtadm</c> is run, over SSH: <c>root@10.0.0.5</c>, <c>root@10.0.0.5:22</c>; null runs it on the controller's own machine.</summary>
    public string? Ssh { get; init; }

    /// <summary>The control port of that <c>tgtd</c>, 0 to 32767.</summary>
    public int ControlPort { get; init; }

    /// <summary>How long <c>tgtadm</c> may take before the server is said to give no answer, seconds.</summary>
    public int TimeoutSeconds { get; init; } = 20;
}
