namespace LiveMigration.Core.Images;

/// <summary>A file in the folder of images that can't be used; the message says why.</summary>
internal sealed class BrokenImage(string reason) : Exception(reason);
