using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Compute;

/// <summary>From what is in force and what the guest is doing to how it is moved and watched. Pure.</summary>
internal static class TransferPlan
{
    public static (WatchedTransfer Watched, TransferRequest How) Of(
        RunLiveMigration.Request request, TransferOptions options, GuestObservation guest)
    {
        var gib = ConvergencePolicy.DataGiB(guest.MemoryMiB, CopiedBytes(request.MigrateData));
        var inPostCopy = guest.State is GuestState.PausedPostCopy or GuestState.PostCopyFailed;

        // A guest that an operator has paused fetches nothing at the destination: its memory would never be asked for.
        var mayPostCopy = options.PermitPostCopy && guest.State != GuestState.Paused;
        var watched = new WatchedTransfer(
            request.MigrationId, request.Mark.Migration, request.Instance, request.Source, gib, options, mayPostCopy, inPostCopy);
        var how = new TransferRequest(
            request.Destination,
            options.BandwidthMiBps,
            mayPostCopy,
            options.PermitAutoConverge && !mayPostCopy,
            request.MigrateData.CopyDisks,
            TimeSpan.FromMilliseconds(ConvergencePolicy.DowntimeMs(options, gib, TimeSpan.Zero)))
        {
            PostCopyBandwidthMiBps = options.PostCopyBandwidthMiBps,
            AutoConvergeInitialPercent = options.AutoConvergeInitialPercent,
            AutoConvergeIncrementPercent = options.AutoConvergeIncrementPercent,
            ParallelConnections = options.ParallelConnections,
            Compression = options.Compression == TransferWords.NoCompression ? null : options.Compression,
            Tls = options.NativeTls,
            Tunnelled = options.Tunnelled,
            MigrationAddress = request.MigrationAddress,
            CopyWholeDisks = Copied(request.MigrateData).All(file => file.IsFull),
            SynchronousDiskWrites = request.MigrateData.SynchronousWrites,
        };
        return (watched, how);
    }

    private static IEnumerable<long> CopiedBytes(MigrateData data) => Copied(data).Select(file => file.AllocationBytes);

    private static IEnumerable<DiskFile> Copied(MigrateData data) => data.Files.Where(file => !file.ReadOnly);
}
