namespace LiveMigration.Core.Drivers;

/// <summary>What is in a file that is brought to a host.</summary>
/// <param name="Bytes">Its length.</param>
public abstract record GuestFileSource(long Bytes)
{
    /// <summary>Begins to read it.</summary>
    public abstract Stream Open();
}

/// <summary>A file that the controller has.</summary>
/// <param name="Path">Where.</param>
/// <param name="Bytes">Its length.</param>
public sealed record FileOfController(string Path, long Bytes) : GuestFileSource(Bytes)
{
    /// <inheritdoc/>
    public override Stream Open() => File.OpenRead(Path);
}

/// <summary>What was made for this guest alone, and is in no file of the controller's.</summary>
/// <param name="Content">It.</param>
public sealed record FileInMemory(ReadOnlyMemory<byte> Content) : GuestFileSource(Content.Length)
{
    /// <inheritdoc/>
    public override Stream Open() => new MemoryStream(Content.ToArray(), writable: false);
}
