using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// What ties guests to hosts, and what hosts have to tie them to. Only looks, with one exception: to see a file, a host
/// may make its folder a storage pool for the moment.
/// </summary>
/// <remarks>Errors as of <see cref="IComputeDriver"/>.</remarks>
public interface IHostBindings
{
    /// <summary>Everything that ties a running guest to its host.</summary>
    /// <exception cref="GuestNotFound">The host has no such guest.</exception>
    Task<GuestBindings> ReadAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>What another host has of it.</summary>
    [ChangesOutside]
    Task<HostOffer> OfferAsync(string host, GuestBindings guest, CancellationToken ct);
}
