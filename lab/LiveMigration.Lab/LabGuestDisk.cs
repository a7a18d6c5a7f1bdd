namespace LiveMigration.Lab;

/// <summary>Where a guest's disk lies.</summary>
public enum LabGuestDisk
{
    /// <summary>On the storage that both hosts see.</summary>
    Shared,

    /// <summary>On the host's own storage, so that a move must copy it.</summary>
    Local,

    /// <summary>On an iSCSI volume of the storage server, which lets in the guest's host only.</summary>
    Volume,

    /// <summary>Nowhere.</summary>
    None,
}
