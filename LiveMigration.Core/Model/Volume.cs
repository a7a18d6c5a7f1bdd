namespace LiveMigration.Core.Model;

/// <summary>A volume on a storage server that opens and closes access to it host by host: what one target is to iSCSI.</summary>
/// <param name="Portal">The storage server as guests' definitions name it, <c>10.0.0.5:3260</c>.</param>
/// <param name="Target">The target's name there, <c>iqn.2026-01.org.example:disk-1</c>. Several disks may lie behind it.</param>
public sealed record Volume(string Portal, string Target)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Target} at {Portal}";
}

/// <summary>A volume of a guest that moves, and how access to it stood before the migration touched it.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Disks">The guest's disks behind it, <c>vda</c>.</param>
/// <param name="SourceHadAccess">True when the source was on its access list.</param>
/// <param name="DestinationWasGranted">
/// True when somebody else had given the destination access for a purpose of his own: no guest there used it, and no
/// migration had left it. A rollback leaves such access as it was.
/// </param>
public sealed record VolumeAttachment(Volume Volume, IReadOnlyList<string> Disks, bool SourceHadAccess, bool DestinationWasGranted);
