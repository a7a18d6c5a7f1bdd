namespace LiveMigration.Core.Settings;

/// <summary>How guests are switched off: section <c>Power</c> of the configuration.</summary>
public sealed record PowerSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Power";

    /// <summary>How long a guest may take to shut down before its power is taken away, s, 0–3,600; 0 = at once. Nova: shutdown_timeout.</summary>
    public int ShutdownTimeoutSeconds { get; init; } = 60;

    /// <summary>How long a soft reboot may take before it becomes a hard one, s, 0–3,600. Nova: wait_soft_reboot_seconds.</summary>
    public int SoftRebootTimeoutSeconds { get; init; } = 120;
}
