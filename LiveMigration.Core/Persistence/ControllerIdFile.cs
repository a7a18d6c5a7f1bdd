using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// The file with the controller's id. It stands beside the database, not in it: a database that was lost, or that is
/// yesterday's, is still this controller's.
/// </summary>
public static class ControllerIdFile
{
    /// <summary>Reads the id, or makes one at the first start.</summary>
    /// <exception cref="InvalidSettings">The file can't be used; the message says what to do.</exception>
    public static Guid ReadOrMake(string path, IIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        try
        {
            if (!File.Exists(path))
            {
                var made = ids.NewGuid();
                File.WriteAllText(path, $"{made}\n");
                return made;
            }

            var text = File.ReadAllText(path).Trim();
            return Guid.TryParseExact(text, "D", out var id)
                ? id
                : throw new InvalidSettings(
                    $"{path} should hold this controller's id, and holds '{(text.Length > 40 ? text[..40] : text)}'. Put the id back that the hosts' seals name, or "
                    + "remove the file: the controller then is a new one, and has to take its hosts over (Controller:TakeOverFrom).");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettings($"{path}, the file with this controller's id, can't be used: {exception.Message}");
        }
    }
}
