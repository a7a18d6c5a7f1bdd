using LiveMigration.Api.Settings;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Audit;

/// <summary>
/// The file of decisions, one JSON document a line, readable by its owner only. Full, it is put aside as <c>.1</c>, what was
/// put aside before as <c>.2</c>, and so on to a bound.
/// </summary>
internal sealed partial class AuditFile(ApiSettings settings, ILogger<AuditFile> log) : IDisposable
{
    /// <summary>The setting that names it.</summary>
    public const string Setting = "Audit:File";

    private readonly Lock _lock = new();
    private FileStream? _file = Open(settings.Audit.File);

    /// <summary>Adds a line, which reaches the operating system before this returns.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            try
            {
                if (_file is { } full && full.Position > 0 && full.Position + line.Length + 1 > settings.Audit.MaxBytes)
                {
                    PutAside();
                }

                _file ??= Open(settings.Audit.File);
                _file.Write(line);
                _file.WriteByte((byte)'\n');
                _file.Flush();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidSettings)
            {
                // The decision stands, and the log has it too.
                CantWrite(settings.Audit.File, exception.Message);
                _file?.Dispose();
                _file = null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void PutAside()
    {
        _file!.Dispose();
        _file = null;
        var path = settings.Audit.File;
        for (var number = settings.Audit.Files - 1; number > 0; number--)
        {
            var older = number == 1 ? path : $"{path}.{number - 1}";
            if (File.Exists(older))
            {
                File.Move(older, $"{path}.{number}", overwrite: true);
            }
        }

        if (settings.Audit.Files == 1)
        {
            File.Delete(path);
        }
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 4096,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(path, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettings($"{Setting} is '{path}', but it can't be written: {exception.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log {File} can't be written: {Reason}")]
    private partial void CantWrite(string file, string reason);
}
