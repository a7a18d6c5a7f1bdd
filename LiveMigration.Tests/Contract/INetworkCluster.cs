using LiveMigration.Core.Drivers;

namespace LiveMigration.Tests.Contract;

/// <summary>Two hosts with networks: what <see cref="NetworkServiceContract"/> needs beside the port.</summary>
public interface INetworkCluster : IAsyncDisposable
{
    /// <summary>The port under test.</summary>
    INetworkService Networks { get; }

    /// <summary>A host with a bridge that is up.</summary>
    string Host { get; }

    /// <summary>Its peer.</summary>
    string Peer { get; }

    /// <summary>The bridge of both.</summary>
    string Bridge { get; }

    /// <summary>Adds a bridge to the host, with packets of this size, not up.</summary>
    Task<string> AddBridgeThatIsDownAsync(int mtu);

    /// <summary>Gives the host two rules of its own, the second of which includes the first.</summary>
    Task<(string Base, string Rule)> AddRulesAsync();
}
