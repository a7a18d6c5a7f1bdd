namespace LiveMigration.Simulation;

/// <summary>The death of a controller process, seen from inside: whatever it would do next does not happen.</summary>
internal sealed class Killed() : Exception("The controller process was killed.");

/// <summary>
/// Whether one controller process lives, and when it dies: at each of its steps (a call to the outside or to its database,
/// before and after) it may.
/// </summary>
internal sealed class Fate
{
    private long? _deadly;

    /// <summary>True once it was killed.</summary>
    public bool Dead { get; private set; }

    /// <summary>How many steps it has taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What it was about to do, or had just done, when it died.</summary>
    public string? LastWords { get; private set; }

    /// <summary>It dies at the n-th step from now.</summary>
    public void DoomAfter(int steps) => _deadly = Steps + steps;

    /// <summary>It does not die any more by itself.</summary>
    public void Spare() => _deadly = null;

    /// <summary>It dies now.</summary>
    public void Kill(string words) => (Dead, LastWords) = (true, words);

    /// <summary>A step of the process.</summary>
    /// <exception cref="Killed">It is dead, or dies here.</exception>
    public void Step(string what)
    {
        if (!Dead && ++Steps == _deadly)
        {
            Kill(what);
        }

        if (Dead)
        {
            throw new Killed();
        }
    }
}
