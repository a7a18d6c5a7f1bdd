using Microsoft.Extensions.Logging;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What is worth telling about connections.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to host {Host}")]
    internal static partial void Connected(this ILogger logger, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the connection to host {Host}: {Reason}")]
    internal static partial void Lost(this ILogger logger, string host, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {Host} can't be reached: {Reason}")]
    internal static partial void Unreachable(this ILogger logger, string host, string reason);
}
