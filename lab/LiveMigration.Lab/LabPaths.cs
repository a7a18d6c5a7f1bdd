namespace LiveMigration.Lab;

/// <summary>Places as the hosts see them; the same on both.</summary>
public sealed record LabPaths(string SharedDir, string LocalDir, string ConsoleDir, string Kernel, string Initramfs);
