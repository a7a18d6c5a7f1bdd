namespace LiveMigration.Core.Drivers;

/// <summary>
/// Marks a method of a port that may change something beyond this process. Before and after each of these the process
/// may die, and what it leaves then must be mended: they are where failpoints stand.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChangesOutsideAttribute : Attribute;
