namespace LiveMigration.Core.Settings;

/// <summary>Which notifications are made: section <c>Notifications</c> of the configuration. Without a sink none is.</summary>
public sealed record NotificationSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Notifications";

    /// <summary><c>unversioned</c>, <c>versioned</c> or <c>both</c>. Nova: notification_format.</summary>
    public string Format { get; init; } = "unversioned";

    /// <summary>Whether changes of the task state are told too. Nova: notify_on_state_change = vm_and_task_state.</summary>
    public bool NotifyOnStateChange { get; init; }

    /// <summary>How long a notification is kept for a sink that does not take it, h, 1–8,760.</summary>
    public int KeepHours { get; init; } = 72;

    /// <summary>How many notifications are kept for a sink that does not take them, 100–10,000,000; then the oldest go.</summary>
    public int KeepRows { get; init; } = 100_000;

    /// <summary>Whether the unversioned family is made.</summary>
    public bool Unversioned => Format is "unversioned" or "both";

    /// <summary>Whether the versioned family is made.</summary>
    public bool Versioned => Format is "versioned" or "both";
}
