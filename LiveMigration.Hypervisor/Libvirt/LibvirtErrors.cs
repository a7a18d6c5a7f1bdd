using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What each of libvirt's errors means to the control plane: the only place where that is decided.</summary>
internal static class LibvirtErrors
{
    internal static ControlPlaneException Translate(string host, LibvirtException error, Guid? guest = null) => error switch
    {
        { Code: ErrorCodes.NoDomain } when guest is { } uuid => new GuestNotFound(host, uuid),
        _ when IsConnectionLost(error) => new HypervisorUnavailable(host, error.Message, error),
        _ => new HypervisorRefused(host, error.Message, error),
    };

    /// <summary>
    /// True when the wire broke. Errors that one hypervisor relays about its peer look the same: of a transfer the
    /// connection itself has to be asked.
    /// </summary>
    internal static bool IsConnectionLost(LibvirtException error) => error.Code switch
    {
        ErrorCodes.NoConnect => true,
        ErrorCodes.InternalError or ErrorCodes.SystemError or ErrorCodes.Rpc or ErrorCodes.AuthenticationFailed
            or ErrorCodes.OperationFailed => error.Domain is ErrorDomains.Rpc or ErrorDomains.Remote,
        _ => false,
    };
}
