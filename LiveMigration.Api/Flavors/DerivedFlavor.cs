using System.Globalization;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Flavors;

/// <summary>The flavor that an adopted guest's shape amounts to: in no table, and not for new servers.</summary>
internal static class DerivedFlavor
{
    /// <summary>Its id and name.</summary>
    public static string IdOf(long memoryMiB, int vcpus) => string.Create(CultureInfo.InvariantCulture, $"m{memoryMiB}c{vcpus}");

    /// <summary>The flavor of such a shape.</summary>
    public static Flavor Of(long memoryMiB, int vcpus) => new()
    {
        FlavorId = IdOf(memoryMiB, vcpus),
        Name = IdOf(memoryMiB, vcpus),
        MemoryMiB = (int)Math.Min(memoryMiB, int.MaxValue),
        Vcpus = vcpus,
        DiskGiB = 0,
        IsPublic = false,
        Description = "The shape of a server that was not made here.",
        CreatedAt = DateTime.UnixEpoch,
    };
}
