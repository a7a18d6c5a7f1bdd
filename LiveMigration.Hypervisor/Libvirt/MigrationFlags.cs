using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Which of libvirt's flags a transfer is started with.</summary>
internal static class MigrationFlags
{
    // Peer to peer, because libvirt then finishes the transfer even if the controller dies.
    private const MigrateFlags Always =
        MigrateFlags.Live | MigrateFlags.PeerToPeer | MigrateFlags.PersistDestination | MigrateFlags.UndefineSource;

    internal static MigrateFlags Of(TransferRequest request)
    {
        var flags = Always;

        // Without a list libvirt would copy every writable disk, attached volumes included, over itself.
        if (request.CopyDisks.Count > 0)
            flags |= request.SynchronousDiskWrites
                ? MigrateFlags.NonSharedIncremental | MigrateFlags.NonSharedSynchronousWrites
                : MigrateFlags.NonSharedIncremental;
        if (request.PermitPostCopy)
            return flags | MigrateFlags.PostCopy;
        return request.AutoConverge ? flags | MigrateFlags.AutoConverge : flags;
    }
}
