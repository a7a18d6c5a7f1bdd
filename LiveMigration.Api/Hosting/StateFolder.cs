using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Hosting;

/// <summary>The folder of everything that must survive a restart.</summary>
internal static class StateFolder
{
    /// <summary>Makes it, for its owner only, when it is missing.</summary>
    /// <exception cref="InvalidSettings">It can't be made.</exception>
    public static void Ensure(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettings($"State:Folder is '{folder}', but it can't be made: {exception.Message}");
        }
    }
}
