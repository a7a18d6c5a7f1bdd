using System.Collections.Concurrent;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Hosts that this process knows to hold something that is still to be tidied. Saves a look into the records with each of
/// their signs of life; what an earlier process left is found when a host is met and with each sweep.
/// </summary>
internal sealed class UntidyHosts
{
    private readonly ConcurrentDictionary<string, bool> _hosts = new(StringComparer.Ordinal);

    public void Add(string host) => _hosts.TryAdd(host, true);

    public bool Contains(string host) => _hosts.ContainsKey(host);

    /// <summary>Before it is tidied, so that what is left there meanwhile is not overlooked.</summary>
    public void Remove(string host) => _hosts.TryRemove(host, out _);
}
