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
    IReadOnlyList<LabHost> Hosts);
