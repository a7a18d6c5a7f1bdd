using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Native;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class LibvirtErrorsTests
{
    private static readonly Guid Guest = Guid.Parse("00000000-0000-4000-8000-000000000001");

    [Theory]
    [InlineData(ErrorCodes.NoConnect, 0, typeof(HypervisorUnavailable))]
    [InlineData(ErrorCodes.InternalError, ErrorDomains.Rpc, typeof(HypervisorUnavailable))]
    [InlineData(ErrorCodes.SystemError, ErrorDomains.Rpc, typeof(HypervisorUnavailable))]
    [InlineData(ErrorCodes.Rpc, ErrorDomains.Remote, typeof(HypervisorUnavailable))]
    [InlineData(ErrorCodes.InternalError, 10, typeof(HypervisorRefused))]
    [InlineData(ErrorCodes.SystemError, 18, typeof(HypervisorRefused))]
    [InlineData(ErrorCodes.OperationInvalid, 10, typeof(HypervisorRefused))]
    [InlineData(ErrorCodes.NoDomain, 10, typeof(GuestNotFound))]
    public void An_error_becomes(int code, int domain, Type expected)
    {
        var error = new LibvirtException(code, domain, "the reason");

        var translated = LibvirtErrors.Translate("host-a", error, Guest);

        Assert.IsType(expected, translated);
        if (translated is not GuestNotFound)
        {
            Assert.Same(error, translated.InnerException);
            Assert.Contains("the reason", translated.Message, StringComparison.Ordinal);
        }
    }
}
