using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary>An image as Glance shows it: its own properties stand beside Glance's keys.</summary>
internal static class ImageDocument
{
    public static JsonObject Of(CatalogImage image, Checksums? checksums, string owner)
    {
        var document = new JsonObject();
        foreach (var (name, value) in image.Properties)
        {
            document[name] = value;
        }

        document["name"] = image.Name;
        document["disk_format"] = image.Format;
        document["container_format"] = "bare";
        document["visibility"] = "public";
        document["size"] = image.FileBytes;
        document["virtual_size"] = image.VirtualBytes;
        document["status"] = "active";
        document["checksum"] = checksums?.Md5;
        document["protected"] = false;
        document["min_ram"] = image.MinRamMiB;
        document["min_disk"] = image.MinDiskGiB;
        document["owner"] = owner;
        document["os_hidden"] = false;
        document["os_hash_algo"] = checksums is null ? null : "sha512";
        document["os_hash_value"] = checksums?.Sha512;
        document["id"] = image.Id.ToString();
        document["created_at"] = NovaJson.Seconds(image.ChangedAt);
        document["updated_at"] = NovaJson.Seconds(image.ChangedAt);
        document["tags"] = new JsonArray();
        document["self"] = $"/v2/images/{image.Id}";
        document["file"] = $"/v2/images/{image.Id}/file";
        document["schema"] = "/v2/schemas/image";
        return document;
    }
}
