using Hangfire.Logging;

namespace LiveMigration.Tests.Api;

/// <summary>
/// Hangfire keeps its log in one static place: of several programs in one process it would go on using that of one that
/// has ended.
/// </summary>
internal sealed class SilentHangfire : ILogProvider, ILog
{
    public static SilentHangfire Instance { get; } = new();

    public ILog GetLogger(string name) => this;

    public bool Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
}
