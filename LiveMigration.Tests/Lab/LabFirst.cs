using LiveMigration.Tests.Lab;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(LabFirst))]

namespace LiveMigration.Tests.Lab;

/// <summary>The tests of the lab take longest of all, one after another: begun first, they end with the others.</summary>
public sealed class LabFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => collection.TestCollectionDisplayName is LabTests.Name or SecondLabTests.Name)];
}
