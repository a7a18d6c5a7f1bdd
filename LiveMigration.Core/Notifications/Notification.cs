namespace LiveMigration.Core.Notifications;

/// <summary>Who is said to have sent a notification.</summary>
internal enum Emitter
{
    /// <summary>The compute service of the source.</summary>
    Source,

    /// <summary>The compute service of the destination.</summary>
    Destination,

    /// <summary>The scheduler.</summary>
    Scheduler,

    /// <summary>The conductor.</summary>
    Conductor,

    /// <summary>The API: a compute service of the controller's own name, as in Nova.</summary>
    Api,

    /// <summary>The compute service of the host that the instance is on; the API's while it is on none.</summary>
    Host,
}

/// <summary>What a notification carries.</summary>
internal enum Content
{
    /// <summary>The instance.</summary>
    Instance,

    /// <summary>The instance with its networks (they differ in the unversioned family only).</summary>
    InstanceWithNetworks,

    /// <summary>The instance with its old and its new state.</summary>
    StateChange,

    /// <summary>What the scheduler was asked for.</summary>
    RequestSpec,

    /// <summary>Why the conductor gave up.</summary>
    ConductorFailure,

    /// <summary>Why a function failed.</summary>
    Exception,

    /// <summary>The instance that is about to be made, and of what.</summary>
    Creation,

    /// <summary>The instance that was made.</summary>
    Created,

    /// <summary>The instance that could not be made, and why.</summary>
    CreationFailure,
}

/// <summary>One of Nova's notifications.</summary>
/// <param name="Legacy">Its name in the unversioned family.</param>
/// <param name="Versioned">Its name in the versioned family.</param>
/// <param name="Emitter">Who sends it.</param>
/// <param name="Content">What it carries.</param>
internal sealed record Notification(string Legacy, string Versioned, Emitter Emitter, Content Content)
{
    /// <summary>True for those of priority error.</summary>
    public bool IsError => Content is Content.ConductorFailure or Content.Exception or Content.CreationFailure;
}

/// <summary>A notification that is due.</summary>
/// <param name="What">Which.</param>
/// <param name="Key">Tells it from others of the same name and deed; the same when the same is told again.</param>
internal sealed record Occurrence(Notification What, string Key)
{
    /// <summary>The function that failed, where one did.</summary>
    public string? Function { get; init; }

    /// <summary>Why, in one line: of the failure, or of the turning round.</summary>
    public string? Error { get; init; }

    /// <summary>The name of the error's class.</summary>
    public string? ErrorClass { get; init; }

    /// <summary>The task state before, in a change of state.</summary>
    public string? OldTaskState { get; init; }

    /// <summary>Hosts that are not to be chosen, in a question to the scheduler.</summary>
    public IReadOnlyList<string> IgnoreHosts { get; init; } = [];

    /// <summary>The host that was asked for, in a question to the scheduler.</summary>
    public string? RequestedHost { get; init; }
}
