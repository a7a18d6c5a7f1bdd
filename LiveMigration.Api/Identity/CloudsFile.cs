using System.Text;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Identity;

/// <summary><c>clouds.yaml</c> in the state folder: all that a client needs to log in as the admin, for its owner's eyes only.</summary>
internal static class CloudsFile
{
    /// <summary>Where it is.</summary>
    public static string PathIn(ApiSettings settings) => Path.Combine(settings.StateFolder, "clouds.yaml");

    /// <summary>Writes it anew, at once and whole.</summary>
    /// <exception cref="InvalidSettings">The folder can't be written to.</exception>
    public static void Write(ApiSettings settings, string user, string password, string project)
    {
        var path = PathIn(settings);
        var half = path + ".new";
        try
        {
            File.Delete(half);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(half, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options))
            {
                writer.Write(Text(settings, user, password, project));
            }

            File.Move(half, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettings($"State:Folder is '{settings.StateFolder}', but clouds.yaml can't be written there: {exception.Message}");
        }
    }

    private static string Text(ApiSettings settings, string user, string password, string project) =>
        $"""
        # Made at the first start. For OpenStack's clients: put it into ~/.config/openstack or name it by
        # OS_CLIENT_CONFIG_FILE, then set OS_CLOUD=livemigration. The password is nowhere else.
        clouds:
          livemigration:
            auth:
              auth_url: "{Origin(settings)}/identity/v3"
              username: "{user}"
              password: "{password}"
              project_name: "{project}"
              user_domain_id: "default"
              project_domain_id: "default"
            region_name: "{settings.Identity.Region.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}"
            identity_api_version: 3

        """;

    // The first address that is listened on; one that stands for all is reached as this machine.
    private static string Origin(ApiSettings settings)
    {
        if (settings.PublicUrl is { } url)
        {
            return url;
        }

        var address = BindingAddress.Parse(settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0]);
        var host = address.Host is "0.0.0.0" or "[::]" or "*" or "+" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
