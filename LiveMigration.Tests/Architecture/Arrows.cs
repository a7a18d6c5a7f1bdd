using ArchUnitNET.Loader;
using LiveMigration.Api.Settings;
using LiveMigration.Core;

namespace LiveMigration.Tests.Architecture;

/// <summary>
/// One rule of docs/architecture.md: types in one namespace may not know types in another. Rules are checked twice: on
/// the product, where they must hold, and on the planted violations of this assembly, where they must fail.
/// </summary>
/// <param name="From">A regular expression for the full names that are bound.</param>
/// <param name="Never">A regular expression for the full names that they must not know.</param>
/// <param name="Except">Full names that are free of it.</param>
internal sealed record Arrow(string From, string Never, string? Except = null)
{
    private const string PlantedRoot = "LiveMigration.Tests.Architecture.Planted.";

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Product = new(() => new ArchLoader().LoadAssembliesIncludingDependencies(
        typeof(ApiSettings).Assembly, typeof(CoreModule).Assembly, System.Reflection.Assembly.Load("LiveMigration.Hypervisor")).Build());

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Planted = new(() =>
        new ArchLoader().LoadAssemblies(typeof(Arrow).Assembly).Build());

    /// <summary>Every forbidden dependency of the product, as text.</summary>
    public IReadOnlyList<string> ViolationsOfProduct() => Violations(Product.Value, name => name.StartsWith("LiveMigration.", StringComparison.Ordinal) ? name : null, name => name);

    /// <summary>The same among the planted types, whose names are those of the product below another root.</summary>
    public IReadOnlyList<string> ViolationsOfPlanted() => Violations(
        Planted.Value,
        name => name.StartsWith(PlantedRoot, StringComparison.Ordinal) ? "LiveMigration." + name[PlantedRoot.Length..] : null,
        name => name.StartsWith(PlantedRoot, StringComparison.Ordinal) ? "LiveMigration." + name[PlantedRoot.Length..] : name);

    private List<string> Violations(
        ArchUnitNET.Domain.Architecture architecture, Func<string, string?> source, Func<string, string> target) =>
        [.. from type in architecture.Types
            let name = source(type.FullName)
            where name is not null && Matches(name, From) && (Except is null || !Matches(name, Except))
            from dependency in type.Dependencies
            let known = target(dependency.Target.FullName)
            where Matches(known, Never)
            select $"{name} knows {known}"];

    private static bool Matches(string name, string pattern) => System.Text.RegularExpressions.Regex.IsMatch(
        name, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
