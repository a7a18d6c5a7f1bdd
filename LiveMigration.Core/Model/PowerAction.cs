namespace LiveMigration.Core.Model;

/// <summary>What users may do to a guest's power.</summary>
public enum PowerAction
{
    /// <summary>Stops its processors; its memory stays.</summary>
    Pause,

    /// <summary>Lets them go on.</summary>
    Unpause,

    /// <summary>Switches it on.</summary>
    Start,

    /// <summary>Asks it to shut down, and switches it off if it does not.</summary>
    Stop,

    /// <summary>Asks it to shut down and starts it again; by force if it does not.</summary>
    RebootSoft,

    /// <summary>Switches it off and on.</summary>
    RebootHard,

    /// <summary>Saves its memory to its host's disk and ends it.</summary>
    Suspend,

    /// <summary>Reads it back and lets it go on.</summary>
    Resume,
}
