using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Scheduler;

/// <summary>What a destination must be able to give.</summary>
/// <param name="Instance">The instance that is to move.</param>
/// <param name="Guest">What its guest is made of.</param>
public sealed record RequestSpec(Instance Instance, GuestDescription Guest)
{
    /// <summary>Where the other members of its group are; null when it is in none.</summary>
    public GroupPlaces? Group { get; init; }
}
