namespace LiveMigration.Core.Notifications;

/// <summary>
/// Nova's notifications of a live migration, and of the making and removal of servers. The names are part of the interface, traps included: dots or underscores,
/// with or without a leading underscore.
/// </summary>
internal static class NotificationNames
{
    public static Notification Taken { get; } = new("compute.instance.update", "instance.update", Emitter.Api, Content.StateChange);

    public static Notification Freed { get; } = Taken with { Emitter = Emitter.Destination };

    public static Notification GivenBack { get; } = Taken with { Emitter = Emitter.Source };

    public static Notification SelectStart { get; } = Scheduler("start");

    public static Notification SelectEnd { get; } = Scheduler("end");

    public static Notification PreStart { get; } = AtDestination("pre.start", "pre.start");

    public static Notification PreEnd { get; } = AtDestination("pre.end", "pre.end");

    public static Notification PostStart { get; } = AtSource("live_migration._post.start", "post.start", Content.InstanceWithNetworks);

    public static Notification PostEnd { get; } = AtSource("live_migration._post.end", "post.end", Content.InstanceWithNetworks);

    public static Notification PostDestStart { get; } = AtDestination("post.dest.start", "post_dest.start");

    public static Notification PostDestEnd { get; } = AtDestination("post.dest.end", "post_dest.end");

    public static Notification RollbackStart { get; } = AtSource("live_migration._rollback.start", "rollback.start");

    public static Notification RollbackEnd { get; } = AtSource("live_migration._rollback.end", "rollback.end");

    public static Notification RollbackDestStart { get; } = AtDestination("rollback.dest.start", "rollback_dest.start");

    public static Notification RollbackDestEnd { get; } = AtDestination("rollback.dest.end", "rollback_dest.end");

    public static Notification AbortStart { get; } = AtSource("live.migration.abort.start", "abort.start");

    public static Notification AbortEnd { get; } = AtSource("live.migration.abort.end", "abort.end");

    public static Notification ForceStart { get; } = AtSource("live.migration.force.complete.start", "force_complete.start");

    public static Notification ForceEnd { get; } = AtSource("live.migration.force.complete.end", "force_complete.end");

    public static Notification ConductorFailed { get; } =
        new("compute_task.migrate_server", "compute_task.migrate_server.error", Emitter.Conductor, Content.ConductorFailure);

    public static Notification CreateStart { get; } = Server("create.start", Content.Creation);

    public static Notification CreateEnd { get; } = Server("create.end", Content.Created);

    public static Notification CreateError { get; } = Server("create.error", Content.CreationFailure);

    public static Notification BuildFailed { get; } =
        new("compute_task.build_instances", "compute_task.build_instances.error", Emitter.Conductor, Content.ConductorFailure);

    public static Notification DeleteStart { get; } = Server("delete.start", Content.Instance);

    public static Notification DeleteEnd { get; } = Server("delete.end", Content.Instance);

    /// <summary>A function that failed: in the unversioned family its own name is the event.</summary>
    public static Notification Failed(string function, Emitter emitter) => new(function, "compute.exception", emitter, Content.Exception);

    private static Notification Server(string name, Content content) => new($"compute.instance.{name}", $"instance.{name}", Emitter.Host, content);

    private static Notification Scheduler(string moment) =>
        new($"scheduler.select_destinations.{moment}", $"scheduler.select_destinations.{moment}", Emitter.Scheduler, Content.RequestSpec);

    private static Notification AtDestination(string legacy, string versioned) => new(
        $"compute.instance.live_migration.{legacy}", $"instance.live_migration_{versioned}", Emitter.Destination, Content.InstanceWithNetworks);

    private static Notification AtSource(string legacy, string versioned, Content content = Content.Instance) =>
        new($"compute.instance.{legacy}", $"instance.live_migration_{versioned}", Emitter.Source, content);
}
