using LiveMigration.Core.Persistence;
using LiveMigration.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Xunit;

namespace LiveMigration.Tests.Persistence;

/// <summary>What is made ahead so that the start is quick says the same as what it is made from.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("livemigration-test-").FullName;

    [Fact]
    public void The_script_of_a_new_file_is_made_of_the_migrations()
    {
        using var db = Context("script.db");

        Golden.ShouldBe("LiveMigration.Core/Persistence/Schema.sql", db.GetService<IMigrator>().GenerateScript());
    }

    [Fact]
    public async Task A_new_file_is_as_one_that_came_through_all_migrations()
    {
        await using var made = Context("made.db");
        using var store = await StateStore.OpenAsync(Path.Combine(_folder, "made.db"), CancellationToken.None);
        await using var migrated = Context("migrated.db");
        await migrated.Database.MigrateAsync();

        Assert.Equal(await SchemaAsync(migrated), await SchemaAsync(made));
        Assert.Empty(await made.Database.GetPendingMigrationsAsync());
        Assert.Equal(await migrated.Flavors.CountAsync(), await made.Flavors.CountAsync());
    }

    [Fact]
    public async Task What_a_crash_left_of_a_new_file_is_completed()
    {
        var path = Path.Combine(_folder, "half.db");
        await using (var half = Context("half.db"))
        {
            await half.GetService<IMigrator>().MigrateAsync(half.Database.GetMigrations().First());
            await half.Database.ExecuteSqlRawAsync($"PRAGMA application_id={StateStore.ApplicationId}");
        }

        await using var db = Context("half.db");
        using var store = await StateStore.OpenAsync(path, CancellationToken.None);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    [Fact]
    public void The_compiled_model_says_what_the_configurations_say()
    {
        using var db = Context("model.db");
        var configured = db.GetService<IDesignTimeModel>().Model;

        Assert.NotSame(configured, db.Model);
        Assert.True(
            Describe(configured).SequenceEqual(Describe(db.Model)),
            "run: dotnet ef dbcontext optimize --project LiveMigration.Core --startup-project LiveMigration.Api "
            + "--output-dir Persistence/Compiled --namespace LiveMigration.Core.Persistence.Compiled");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<string> Describe(IModel model) =>
        from entity in model.GetEntityTypes().OrderBy(entity => entity.Name, StringComparer.Ordinal)
        from line in Describe(entity).Order(StringComparer.Ordinal)
        select $"{entity.GetTableName()}: {line}";

    private static IEnumerable<string> Describe(IEntityType entity) =>
    [
        .. entity.GetProperties().Select(property =>
            $"{property.Name} {property.ClrType} as {property.GetColumnName()} {property.GetColumnType()} null={property.IsNullable} "
            + $"guard={property.IsConcurrencyToken} made={property.ValueGenerated} through={property.GetTypeMapping().Converter?.GetType()}"),
        .. entity.GetKeys().Select(key => $"key {Names(key.Properties)} primary={key.IsPrimaryKey()}"),
        .. entity.GetIndexes().Select(index => $"index {Names(index.Properties)} unique={index.IsUnique}"),
        .. entity.GetForeignKeys().Select(key => $"{Names(key.Properties)} of {key.PrincipalEntityType.Name} {key.DeleteBehavior}"),
    ];

    private static string Names(IEnumerable<IReadOnlyProperty> properties) => string.Join(',', properties.Select(property => property.Name));

    private static async Task<List<string>> SchemaAsync(ControlPlaneDbContext db) => await db.Database
        .SqlQuery<string>($"SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS Value FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> '__EFMigrationsLock' ORDER BY 1")
        .ToListAsync();

    private ControlPlaneDbContext Context(string name)
    {
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, Path.Combine(_folder, name));
        return new ControlPlaneDbContext(options.Options);
    }
}
