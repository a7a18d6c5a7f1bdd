using LiveMigration.Core.ConfigDrives;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Takes away files that a migration has made or has left behind, and no others: each is proven to be the migration's
/// by its mark, and to be used by no guest of its host.
/// </summary>
internal sealed partial class CopiedDisks(IComputeDriver driver, IDiskImages images, ILogger<CopiedDisks> logger)
{
    /// <summary>What a migration that was taken back has made at its destination.</summary>
    public async Task RemoveAtDestinationAsync(Guid migration, string destination, IReadOnlyList<DiskFile> files, CancellationToken ct)
    {
        foreach (var file in files)
        {
            if (await images.FindAsync(destination, DiskMarks.PathOf(migration, file), ct) is not null)
            {
                await RemoveMarkedAsync(migration, destination, file, ct);
            }
        }
    }

    /// <summary>A marked file and then its mark; a file that a guest uses stays, and its mark with it.</summary>
    /// <returns>False when a guest uses it.</returns>
    public async Task<bool> RemoveMarkedAsync(Guid migration, string host, DiskFile file, CancellationToken ct)
    {
        if (await images.RemoveAsync(host, file.Path, ct) is { } user)
        {
            LogInUse(host, file.Path, user);
            return false;
        }

        await images.RemoveAsync(host, DiskMarks.PathOf(migration, file), ct);
        return true;
    }

    /// <summary>
    /// What a guest that has moved has left at the source, and the marks at the destination. Read-only files stay, since
    /// others may rest on them, all but the guest's own config drive. The marks go last; while they stand, this can be done again.
    /// </summary>
    /// <param name="migration">The migration.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="source">The host that it left.</param>
    /// <param name="destination">The host that its files were copied to, where their marks are.</param>
    /// <param name="lives">The host that it lives on by now: the destination, or another that it has been moved to since.</param>
    /// <param name="files">The files.</param>
    /// <param name="mayBeOff">True when the migration has ended: a guest that was switched off since is seen by its definition alone.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>False when the guest is not seen to live, or to have ended, where it should: nothing was removed.</returns>
    public async Task<bool> RemoveAtSourceAsync(
        Guid migration,
        Guid guest,
        string source,
        string destination,
        string lives,
        IReadOnlyList<DiskFile> files,
        bool mayBeOff,
        CancellationToken ct)
    {
        if (files.Count == 0)
        {
            return true;
        }

        var looking = driver.FindGuestAsync(lives, guest, ct);
        var copied = FindOriginalsAsync(migration, guest, source, destination, files, ct);
        await Task.WhenAll(looking, copied);
        var seen = await looking;
        if (seen.AtDestination(migration) is not (Sighting.Alive or Sighting.PostCopy or Sighting.Ended)
            && !(mayBeOff && seen is { Persistent: true, State: GuestState.Off or GuestState.Crashed or GuestState.Suspended }))
        {
            return false;
        }

        await RemoveOriginalsAsync(migration, source, destination, await copied, files, ct);
        return true;
    }

    /// <summary>The same of a guest that was deleted since: it is nowhere, and needs none of them.</summary>
    public async Task RemoveOfDeletedAsync(
        Guid migration, Guid guest, string source, string destination, IReadOnlyList<DiskFile> files, CancellationToken ct) =>
        await RemoveOriginalsAsync(
            migration, source, destination, await FindOriginalsAsync(migration, guest, source, destination, files, ct), files, ct);

    /// <summary>The marks alone: the files are in use, or gone.</summary>
    public async Task RemoveMarksAsync(Guid migration, string destination, IReadOnlyList<DiskFile> files, CancellationToken ct)
    {
        foreach (var file in files)
        {
            await images.RemoveAsync(destination, DiskMarks.PathOf(migration, file), ct);
        }
    }

    private Task<Original[]> FindOriginalsAsync(
        Guid migration, Guid guest, string source, string destination, IReadOnlyList<DiskFile> files, CancellationToken ct) =>
        Task.WhenAll(files.Where(file => !file.ReadOnly || ConfigDrive.IsOf(guest, file.Path)).Select(async file =>
        {
            var mark = DiskMarks.PathOf(migration, file);
            var (there, here) = (images.FindAsync(destination, mark, ct), images.FindAsync(source, mark, ct));
            await Task.WhenAll(there, here);
            return new Original(file, IsMarked: await there is not null, IsShared: await here is not null);
        }));

    private async Task RemoveOriginalsAsync(
        Guid migration, string source, string destination, IReadOnlyList<Original> originals, IReadOnlyList<DiskFile> files, CancellationToken ct)
    {
        foreach (var original in originals.Where(original => original.IsMarked))
        {
            await RemoveOriginalAsync(source, original.File, original.IsShared, ct);
        }

        await RemoveMarksAsync(migration, destination, files, ct);
    }

    private async Task RemoveOriginalAsync(string source, DiskFile file, bool isShared, CancellationToken ct)
    {
        if (isShared)
        {
            // Shared after all, whatever the checks saw: this is the guest's disk.
            LogShared(source, file.Path);
        }
        else if (await images.RemoveAsync(source, file.Path, ct) is { } user)
        {
            LogInUse(source, file.Path, user);
        }
    }

    /// <param name="File">The file.</param>
    /// <param name="IsMarked">True when its copy carries the migration's mark: it was copied.</param>
    /// <param name="IsShared">True when the source sees that mark, too.</param>
    private sealed record Original(DiskFile File, bool IsMarked, bool IsShared);

    [LoggerMessage(LogLevel.Warning, "{Host}: {Path} is used by guest {Guest} and is left alone")]
    private partial void LogInUse(string host, string path, string guest);

    [LoggerMessage(LogLevel.Warning, "{Host}: {Path} is seen by the destination as well and is left alone")]
    private partial void LogShared(string host, string path);
}
