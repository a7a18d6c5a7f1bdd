using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>Makes faults and takes them back. Whatever is killed is found by its pid.</summary>
internal sealed class FaultLevers(LabCluster lab, LabGuest guest, LabHost source, LabHost destination)
{
    private const string Local = "/var/lib/livemigration/local";
    private const string Image = "/var/lib/livemigration/.small.img";

    /// <summary>Makes it.</summary>
    public Task MakeAsync(FaultKind kind, CancellationToken ct) => kind switch
    {
        FaultKind.KillSourceLibvirtd => lab.KillAsync(source, LabDaemon.Libvirtd, ct),
        FaultKind.KillDestinationLibvirtd => lab.KillAsync(destination, LabDaemon.Libvirtd, ct),
        FaultKind.KillSourceQemu => KillQemuAsync(source, ct),
        FaultKind.KillDestinationQemu => KillQemuAsync(destination, ct),
        FaultKind.CutControllerSource => RouteAsync("add", source, lab.Description.Gateway, ct),
        FaultKind.CutControllerDestination => RouteAsync("add", destination, lab.Description.Gateway, ct),
        FaultKind.CutHosts => RouteAsync("add", destination, source.Address, ct),
        FaultKind.HangSourceSshd => lab.HangAsync(source, LabDaemon.Sshd, ct),
        FaultKind.HangDestinationSshd => lab.HangAsync(destination, LabDaemon.Sshd, ct),
        // What dd can't write any more is what was wanted; that it took nothing is seen below.
        FaultKind.FillDestination => OnAsync(destination, $"dd if=/dev/zero of={Local}/filler bs=1M 2>/dev/null; test -s {Local}/filler", ct),
        _ => throw new InvalidOperationException($"{kind} has no lever."),
    };

    /// <summary>Takes it back; what was killed is started again.</summary>
    public Task MendAsync(FaultKind kind, CancellationToken ct) => kind switch
    {
        FaultKind.KillSourceLibvirtd => lab.StartDaemonAsync(source, LabDaemon.Libvirtd, ct),
        FaultKind.KillDestinationLibvirtd => lab.StartDaemonAsync(destination, LabDaemon.Libvirtd, ct),
        FaultKind.CutControllerSource => RouteAsync("del", source, lab.Description.Gateway, ct),
        FaultKind.CutControllerDestination => RouteAsync("del", destination, lab.Description.Gateway, ct),
        FaultKind.CutHosts => RouteAsync("del", destination, source.Address, ct),
        FaultKind.HangSourceSshd => lab.ResumeAsync(source, LabDaemon.Sshd, ct),
        FaultKind.HangDestinationSshd => lab.ResumeAsync(destination, LabDaemon.Sshd, ct),
        FaultKind.FillDestination => OnAsync(destination, $"rm -f {Local}/filler", ct),
        _ => Task.CompletedTask,
    };

    /// <summary>Gives the destination a small local storage of its own, since the machine's disk is not ours to fill.</summary>
    public Task ShrinkDestinationAsync(CancellationToken ct) => OnAsync(destination, $"truncate -s 400M {Image} && mkfs.ext4 -q -F -m 0 {Image} && mount -o loop {Image} {Local} && rm -rf {Local}/lost+found", ct);

    /// <summary>Takes that back, with what is in it.</summary>
    public Task WidenDestinationAsync(CancellationToken ct) => OnAsync(destination, $"if mountpoint -q {Local}; then umount {Local}; fi; rm -f {Image}", ct);

    /// <summary>What lies in the destination's local storage, as the destination sees it.</summary>
    public async Task<IReadOnlyList<string>> FilesAtDestinationAsync(CancellationToken ct) =>
        (await OnAsync(destination, $"ls -A {Local}", ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<string> KillQemuAsync(LabHost host, CancellationToken ct) =>
        OnAsync(host, $"pid=$(cat /run/libvirt/qemu/{guest.Name}.pid) && kill -KILL \"$pid\"", ct);

    // A route that leads nowhere: what the others send arrives, and nothing is answered.
    private Task<string> RouteAsync(string verb, LabHost host, string address, CancellationToken ct) =>
        OnAsync(host, $"ip route {verb} blackhole {address}", ct);

    private async Task<string> OnAsync(LabHost host, string script, CancellationToken ct)
    {
        var answer = await lab.EnterAsync(host, ["sh", "-c", script], ct);
        return answer.Succeeded ? answer.Output : throw new InvalidOperationException($"{host.Name}: {script}: {answer.Error.Trim()}");
    }
}
