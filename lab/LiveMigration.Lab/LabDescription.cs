namespace LiveMigration.Lab;

/// <summary>The content of <c>lab.json</c>. Places are paths of the machine, but for <see cref="OnHosts"/>.</summary>
public sealed record LabDescription(
    string Name,
    string Folder,
    string Subnet,
    string Gateway,
    string Switch,
    string Ssh,
    string SharedDir,
    string ConsoleDir,
    string Kernel,
    string Initramfs,
    LabPaths OnHosts,
    IReadOnlyList<LabHost> Hosts,
    LabStorage Storage);

/// <summary>The lab's storage server.</summary>
/// <param name="Address">Its address on the lab's subnet.</param>
/// <param name="Portal">Where it serves iSCSI, with the port.</param>
/// <param name="Ssh">Where its <c>tgtadm</c> is run.</param>
public sealed record LabStorage(string Address, string Portal, string Ssh);
