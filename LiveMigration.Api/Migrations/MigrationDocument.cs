using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Migrations;

/// <summary>A migration in the two shapes that Nova shows it in.</summary>
internal static class MigrationDocument
{
    /// <summary>As one of a server's running migrations, with the counters.</summary>
    public static JsonObject OfServer(HttpContext context, Migration migration, bool withHosts)
    {
        var document = new JsonObject
        {
            ["created_at"] = NovaJson.Microseconds(migration.CreatedAt),
            ["dest_compute"] = withHosts ? migration.DestCompute : null,
            ["dest_host"] = null,
            ["dest_node"] = withHosts ? migration.DestNode : null,
            ["disk_processed_bytes"] = migration.DiskProcessedBytes,
            ["disk_remaining_bytes"] = migration.DiskRemainingBytes,
            ["disk_total_bytes"] = migration.DiskTotalBytes,
            ["id"] = migration.Id,
            ["memory_processed_bytes"] = migration.MemoryProcessedBytes,
            ["memory_remaining_bytes"] = migration.MemoryRemainingBytes,
            ["memory_total_bytes"] = migration.MemoryTotalBytes,
            ["server_uuid"] = migration.InstanceUuid.ToString(),
            ["source_compute"] = withHosts ? migration.SourceCompute : null,
            ["source_node"] = withHosts ? migration.SourceNode : null,
            ["status"] = migration.Status.ToNova(),
            ["updated_at"] = NovaJson.Microseconds(migration.UpdatedAt),
        };
        if (context.Version().AtLeast(59))
        {
            document["uuid"] = migration.Uuid.ToString();
        }

        AddOwner(document, migration, context.Version());
        return document;
    }

    /// <summary>As one of all migrations, without the counters.</summary>
    public static JsonObject OfAll(HttpContext context, Migration migration, int flavor, bool withHosts)
    {
        var version = context.Version();
        var document = new JsonObject { ["id"] = migration.Id };
        if (version.AtLeast(59))
        {
            document["uuid"] = migration.Uuid.ToString();
        }

        document["source_compute"] = withHosts ? migration.SourceCompute : null;
        document["dest_compute"] = withHosts ? migration.DestCompute : null;
        document["source_node"] = withHosts ? migration.SourceNode : null;
        document["dest_node"] = withHosts ? migration.DestNode : null;
        document["dest_host"] = null;
        document["old_instance_type_id"] = flavor;
        document["new_instance_type_id"] = flavor;
        document["instance_uuid"] = migration.InstanceUuid.ToString();
        document["status"] = migration.Status.ToNova();
        if (version.AtLeast(23))
        {
            document["migration_type"] = ListMigrations.LiveMigrationType;
        }

        AddOwner(document, migration, version);
        document["created_at"] = NovaJson.Microseconds(migration.CreatedAt);
        document["updated_at"] = NovaJson.Microseconds(migration.UpdatedAt);
        if (version.AtLeast(23) && migration.Status.IsInProgress())
        {
            document["links"] = Links.Of(context, $"servers/{migration.InstanceUuid}/migrations/{migration.Id}");
        }

        return document;
    }

    private static void AddOwner(JsonObject document, Migration migration, Microversion version)
    {
        if (version.AtLeast(80))
        {
            document["user_id"] = migration.UserId;
            document["project_id"] = migration.ProjectId;
        }
    }
}
