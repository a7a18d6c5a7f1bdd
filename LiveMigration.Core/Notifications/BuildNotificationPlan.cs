using System.Globalization;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;

using static LiveMigration.Core.Notifications.NotificationNames;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Which line of a build's journal tells the world what. That it has ended well is told with its record, in
/// <see cref="NotifyingBuildEnd"/>: nobody drives it any more after that.
/// </summary>
internal static class BuildNotificationPlan
{
    private const string FirstOnHost = "bring-files";

    /// <summary>What is due with a line.</summary>
    /// <param name="line">The line about to be written.</param>
    /// <param name="before">All lines before it.</param>
    /// <param name="state">The build.</param>
    public static IReadOnlyList<Occurrence> At(JournalEntry line, IReadOnlyList<JournalEntry> before, BuildInstanceState state) => line.Kind switch
    {
        JournalKind.StepStarted when line.Step == FirstOnHost => [new(CreateStart, KeyOf(state))],
        JournalKind.UnwindBegun when before.Any(entry => entry.Step == FirstOnHost && entry.Kind == JournalKind.StepStarted) =>
            [Failure(CreateError, "build_and_run_instance", line, before, state)],
        // No host was begun on: removed before that, it is not told at all.
        JournalKind.UnwindBegun when !state.Cancelled => [Failure(BuildFailed, "build_instances", line, before, state)],
        _ => [],
    };

    /// <summary>What the server is about to become when this is told; null for no change.</summary>
    public static Action<Instance, DateTime>? Becomes(IReadOnlyList<Occurrence> due) =>
        due.Any(occurrence => occurrence.What == BuildFailed) ? static (instance, _) => instance.VmState = VmState.Error : null;

    /// <summary>Each host that it is tried on is told of its own.</summary>
    public static string KeyOf(BuildInstanceState state) => string.Create(CultureInfo.InvariantCulture, $"attempt {state.Refused.Count}");

    private static Occurrence Failure(
        Notification what, string function, JournalEntry line, IReadOnlyList<JournalEntry> before, BuildInstanceState state) =>
        new(what, KeyOf(state))
        {
            Function = function,
            Error = line.Reason ?? state.Failure,
            ErrorClass = before.LastOrDefault(entry => entry.Kind == JournalKind.StepFailed)?.ErrorClass,
        };
}
