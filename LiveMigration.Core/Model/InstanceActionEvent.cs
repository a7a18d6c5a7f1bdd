namespace LiveMigration.Core.Model;

/// <summary>One piece of work of an action, on one host.</summary>
public sealed class InstanceActionEvent
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The action it belongs to.</summary>
    public int ActionId { get; init; }

    /// <summary>Nova's name of the event, <c>compute_pre_live_migration</c> for one.</summary>
    public required string Event { get; init; }

    /// <summary>The host it happened on, or the controller's name.</summary>
    public required string Host { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>When it ended, UTC; null while it goes on.</summary>
    public DateTime? FinishTime { get; set; }

    /// <summary><c>Success</c> or <c>Error</c>; null while it goes on.</summary>
    public string? Result { get; set; }

    /// <summary>The reason of an error, in one line.</summary>
    public string? Details { get; set; }
}
