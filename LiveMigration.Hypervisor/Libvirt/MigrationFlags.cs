using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Which of libvirt's flags a transfer is started with.</summary>
internal static class MigrationFlags
{
    // Peer to peer, because libvirt then finishes the transfer even if the controller dies.
    private const MigrateFlags Always =
        MigrateFlags.Live | MigrateFlags.PeerToPeer | MigrateFlags.PersistDestination | MigrateFlags.UndefineSource;

    internal static MigrateFlags Of(TransferRequest request) =>
        Always | Stream(request) | (request.Resume ? MigrateFlags.PostCopy | MigrateFlags.PostCopyResume : Copy(request));

    private static MigrateFlags Stream(TransferRequest request) =>
        (request.Tunnelled ? MigrateFlags.Tunnelled : MigrateFlags.None) | (request.Tls ? MigrateFlags.Tls : MigrateFlags.None);

    /// <summary>How memory and disks are copied; of a post-copy that is taken up again this was settled at its beginning.</summary>
    private static MigrateFlags Copy(TransferRequest request)
    {
        var flags = MigrateFlags.None;

        // Without a list libvirt would copy every writable disk, attached volumes included, over itself.
        if (request.CopyDisks.Count > 0)
        {
            flags |= request.CopyWholeDisks ? MigrateFlags.NonSharedDisk : MigrateFlags.NonSharedIncremental;
            if (request.SynchronousDiskWrites)
                flags |= MigrateFlags.NonSharedSynchronousWrites;
        }

        if (request.ParallelConnections > 1)
            flags |= MigrateFlags.Parallel;
        if (request.Compression is not null)
            flags |= MigrateFlags.Compressed;
        if (request.PermitPostCopy)
            return flags | MigrateFlags.PostCopy;
        return request.AutoConverge ? flags | MigrateFlags.AutoConverge : flags;
    }
}
