namespace LiveMigration.Core.Compute;

/// <summary>A file that the destination made so that the source can look for it: the seed's shared-storage test.</summary>
/// <param name="Name">Its name, the same in every folder.</param>
/// <param name="Folders">The folders with local disks of the guest that the destination has too.</param>
/// <param name="MissingFolders">Those that it does not have.</param>
public sealed record StorageProbe(string Name, IReadOnlyList<string> Folders, IReadOnlyList<string> MissingFolders);
