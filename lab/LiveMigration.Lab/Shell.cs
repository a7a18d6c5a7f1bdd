using System.ComponentModel;
using System.Diagnostics;

namespace LiveMigration.Lab;

/// <summary>Runs commands of the machine, without a shell in between.</summary>
public static class Shell
{
    /// <summary>Runs a command to its end; kills it, with its children, if cancelled.</summary>
    /// <param name="environment">Variables set besides our own; <see langword="null"/> as a value removes one.</param>
    public static async Task<ShellResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = new Process { StartInfo = StartInfo(file, arguments, environment) };
        process.Start();
        process.StandardInput.Close();
        try
        {
            // Whoever has read them must close them. Both at once, else the command blocks as soon as the pipe that nobody reads is full.
            using var saying = process.StandardOutput;
            using var complaining = process.StandardError;
            var output = saying.ReadToEndAsync(cancellationToken);
            var error = complaining.ReadToEndAsync(cancellationToken);
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(cancellationToken);
            return new ShellResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            TryKill(process);
            throw;
        }
    }

    /// <summary>Runs a command to its end and returns its output without the last newline.</summary>
    /// <exception cref="InvalidOperationException">The command failed; the message has what it said.</exception>
    public static async Task<string> DemandAsync(
        string file,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var result = await RunAsync(file, arguments, cancellationToken, environment);
        return result.Succeeded
            ? result.Output.TrimEnd('\n')
            : throw new InvalidOperationException(
                $"{file} {string.Join(' ', arguments)} failed ({result.ExitCode}): {result.Error.Trim()} {result.Output.Trim()}".TrimEnd());
    }

    internal static ProcessStartInfo StartInfo(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (environment is not null)
        {
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static void TryKill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }
}
