using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Settings;

/// <summary>
/// Where settings come from, later ones winning: appsettings.json beside the program, <c>--config FILE</c>, environment
/// variables with the prefix <c>LIVEMIGRATION_</c>, the command line.
/// </summary>
internal static class SettingsSource
{
    /// <summary>The prefix of our environment variables.</summary>
    public const string Prefix = "LIVEMIGRATION_";

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidSettings">A file can't be read, or an argument is none.</exception>
    public static IConfigurationRoot Read(string[] args)
    {
        var given = CommandLine(args);
        var builder = new ConfigurationBuilder();
        try
        {
            builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
            if (given.Remove("config", out var file))
            {
                AddFile(builder, file!);
            }

            return builder.AddEnvironmentVariables(Prefix).AddInMemoryCollection(given).Build();
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidSettings($"A configuration file is no valid JSON: {exception.Message} {exception.InnerException?.Message}".TrimEnd());
        }
    }

    private static void AddFile(ConfigurationBuilder builder, string file)
    {
        if (!File.Exists(file))
        {
            throw new InvalidSettings($"--config is '{file}', but there is no such file.");
        }

        builder.AddJsonFile(Path.GetFullPath(file), optional: false);
    }

    private static Dictionary<string, string?> CommandLine(string[] args)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || args[i].Length == 2)
            {
                throw new InvalidSettings($"'{args[i]}' is no argument of this program; see --help.");
            }

            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[args[i][2..equals]] = args[i][(equals + 1)..];
            }
            else if (i + 1 < args.Length)
            {
                values[args[i][2..]] = args[++i];
            }
            else
            {
                throw new InvalidSettings($"'{args[i]}' needs a value: {args[i]}=VALUE; see --help.");
            }
        }

        return values;
    }
}
