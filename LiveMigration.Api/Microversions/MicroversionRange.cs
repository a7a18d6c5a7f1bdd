namespace LiveMigration.Api.Microversions;

/// <summary>The versions in which an endpoint exists; outside of them it is as if there were no such route.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
internal sealed record MicroversionRange(Microversion From, Microversion To)
{
    public bool Contains(Microversion version) => version >= From && version <= To;
}

/// <summary>Declares them.</summary>
internal static class MicroversionRanges
{
    /// <summary>The endpoint exists from this version on.</summary>
    public static TBuilder MinimumVersion<TBuilder>(this TBuilder endpoint, int major, int minor)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new MicroversionRange(new Microversion(major, minor), Microversion.Highest));

    /// <summary>The endpoint exists up to this version.</summary>
    public static TBuilder MaximumVersion<TBuilder>(this TBuilder endpoint, int major, int minor)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new MicroversionRange(Microversion.Lowest, new Microversion(major, minor)));
}
