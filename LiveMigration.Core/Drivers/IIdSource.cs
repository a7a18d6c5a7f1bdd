namespace LiveMigration.Core.Drivers;

/// <summary>Where every new id comes from, so that a simulated history can be replayed from its seed.</summary>
public interface IIdSource
{
    /// <summary>A new random UUID.</summary>
    Guid NewGuid();
}
