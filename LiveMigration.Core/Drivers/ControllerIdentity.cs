namespace LiveMigration.Core.Drivers;

/// <summary>Names this controller process among all that ever worked on the state file.</summary>
public sealed class ControllerIdentity(IIdSource ids)
{
    /// <summary>New with each start.</summary>
    public string Name { get; } = $"controller-{ids.NewGuid():N}";
}
