namespace LiveMigration.Core.Model;

/// <summary>What the request says about local disks.</summary>
public enum BlockMigration
{
    /// <summary>The source decides: copy if and only if the storage is not shared.</summary>
    Auto,

    /// <summary>Local disks must be copied; shared storage is refused.</summary>
    Yes,

    /// <summary>Storage must be shared; local disks are refused.</summary>
    No,
}
