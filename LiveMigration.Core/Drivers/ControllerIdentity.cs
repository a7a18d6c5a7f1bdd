namespace LiveMigration.Core.Drivers;

/// <summary>Names this controller process among all that ever worked on the state file, and the controller among all others.</summary>
/// <param name="ids">Where its name comes from.</param>
/// <param name="home">What outlives its process; without one it is another controller at each start.</param>
public sealed class ControllerIdentity(IIdSource ids, ControllerHome? home = null)
{
    /// <summary>New with each start.</summary>
    public string Name { get; } = $"controller-{ids.NewGuid():N}";

    /// <summary>The same with each start.</summary>
    public Guid Id { get; } = home?.Id ?? ids.NewGuid();

    /// <summary>Where it is, for people.</summary>
    public string Place { get; } = home?.Place ?? "nowhere";
}

/// <summary>What of a controller outlives its process.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Place">Its machine and the folder of its state, for people.</param>
public sealed record ControllerHome(Guid Id, string Place)
{
    /// <summary>The file that notes a loss of its records; null where there is none.</summary>
    public string? LossFile { get; init; }
}
