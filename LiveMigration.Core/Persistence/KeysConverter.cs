using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace LiveMigration.Core.Persistence;

/// <summary>Keys and values of users in one column, as JSON.</summary>
internal sealed class KeysConverter() : ValueConverter<Dictionary<string, string>, string>(
    keys => JsonSerializer.Serialize(keys, JsonSerializerOptions.Default),
    json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default) ?? new Dictionary<string, string>(StringComparer.Ordinal));

/// <summary>Tells when they have changed.</summary>
internal sealed class KeysComparer() : ValueComparer<Dictionary<string, string>>(
    (left, right) => left == right || (left != null && right != null && left.Count == right.Count && !left.Except(right).Any()),
    keys => keys.Count,
    keys => new Dictionary<string, string>(keys, StringComparer.Ordinal));
