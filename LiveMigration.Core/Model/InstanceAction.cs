namespace LiveMigration.Core.Model;

/// <summary>Something a user asked for, kept under the request's id.</summary>
public sealed class InstanceAction
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The instance.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The request, <c>req-</c> and a UUID.</summary>
    public required string RequestId { get; init; }

    /// <summary>Nova's name of the action, <c>live-migration</c> for one.</summary>
    public required string Action { get; init; }

    /// <summary>Who asked.</summary>
    public required string UserId { get; init; }

    /// <summary>In which project.</summary>
    public required string ProjectId { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>The word <c>Error</c> as soon as one event ended in an error, else null.</summary>
    public string? Message { get; set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>Its events.</summary>
    public List<InstanceActionEvent> Events { get; } = [];
}
