namespace LiveMigration.Core.ConfigDrives;

/// <summary>A file that goes onto an ISO 9660 image.</summary>
/// <param name="Path">Its folders and its name, <c>openstack/latest/user_data</c>; letters are lower case.</param>
/// <param name="Content">What is in it.</param>
public sealed record IsoFile(string Path, ReadOnlyMemory<byte> Content);
