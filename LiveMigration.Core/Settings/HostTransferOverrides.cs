using System.Collections.Frozen;

namespace LiveMigration.Core.Settings;

/// <summary>What single hosts want otherwise for the moves that leave them, by the host's name.</summary>
public sealed class HostTransferOverrides(IReadOnlyDictionary<string, TransferOverrides> byHost)
{
    private readonly FrozenDictionary<string, TransferOverrides> _byHost = byHost.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>No host wants anything.</summary>
    public static HostTransferOverrides None { get; } = new(new Dictionary<string, TransferOverrides>(StringComparer.Ordinal));

    /// <summary>The host's wishes; null when it has none.</summary>
    public TransferOverrides? Of(string host) => _byHost.GetValueOrDefault(host);
}
