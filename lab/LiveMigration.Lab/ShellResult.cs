namespace LiveMigration.Lab;

/// <summary>What a finished command left.</summary>
/// <param name="ExitCode">Its exit status; 128 + n if signal n ended it.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
public sealed record ShellResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether the command succeeded.</summary>
    public bool Succeeded => ExitCode == 0;
}
