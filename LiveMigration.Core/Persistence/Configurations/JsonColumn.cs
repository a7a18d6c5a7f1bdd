using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LiveMigration.Core.Persistence.Configurations;

/// <summary>Small structures that are read and written as a whole, kept as JSON in one column.</summary>
internal static class JsonColumn
{
    public static PropertyBuilder<T> HasJson<T>(this PropertyBuilder<T> property)
        where T : class
    {
        property.HasConversion(value => Write(value), text => Read<T>(text));
        property.Metadata.SetValueComparer(new ValueComparer<T>(
            (one, other) => string.Equals(Write(one!), Write(other!), StringComparison.Ordinal),
            value => Write(value).GetHashCode(StringComparison.Ordinal),
            value => Read<T>(Write(value))));
        return property;
    }

    internal static string Write<T>(T value) => JsonSerializer.Serialize(value);

    internal static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text)!;
}
