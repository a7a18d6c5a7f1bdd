namespace LiveMigration.Lab;

/// <summary>One of the lab's two hypervisors, as <c>lab/up</c> describes it.</summary>
/// <param name="Name">Its host name, <c>host-a</c> or <c>host-b</c>.</param>
/// <param name="Address">Its address on the lab's subnet.</param>
/// <param name="Uri">Its libvirt URI, good for us and for the other host.</param>
/// <param name="Uuid">Its libvirt host UUID.</param>
/// <param name="KeyFile">The private key that opens it.</param>
/// <param name="KnownHosts">The file with its host key.</param>
/// <param name="Netns">Its network namespace.</param>
/// <param name="Link">The machine's end of its cable.</param>
/// <param name="PidFiles">The pid file of each of its daemons, by the daemon's name.</param>
/// <param name="Logs">The folder of its logs.</param>
/// <param name="LocalDir">Its local storage, as a path of the machine.</param>
/// <param name="Enter">The command, up to and without what to run, that enters it. Stale after a mended anchor.</param>
public sealed record LabHost(
    string Name,
    string Address,
    string Uri,
    Guid Uuid,
    string KeyFile,
    string KnownHosts,
    string Netns,
    string Link,
    IReadOnlyDictionary<string, string> PidFiles,
    string Logs,
    string LocalDir,
    IReadOnlyList<string> Enter);
