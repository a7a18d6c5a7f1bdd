namespace LiveMigration.Core.Drivers;

/// <summary>
/// Hands servers that are to be made or removed to the workers. It executes, it does not remember: what is under way is
/// in the records, and the recovery pass asks again.
/// </summary>
public interface IInstanceQueue
{
    /// <summary>Asks for a build to be driven further, now.</summary>
    void EnqueueBuild(int build);

    /// <summary>Asks for a removal to be driven further, now.</summary>
    void EnqueueDeletion(Guid instance);
}
