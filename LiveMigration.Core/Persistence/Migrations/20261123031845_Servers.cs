using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace LiveMigration.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Servers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "DeleteRequestId",
                table: "instances",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "DeleteRequestedAt",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "DeletedAt",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "FaultAt",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "FaultCode",
                table: "instances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FaultMessage",
                table: "instances",
                type: "TEXT",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FlavorId",
                table: "instances",
                type: "TEXT",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FlavorName",
                table: "instances",
                type: "TEXT",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ImageId",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsMade",
                table: "instances",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Metadata",
                table: "instances",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "Origin",
                table: "instances",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "Tags",
                table: "instances",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.CreateTable(
                name: "flavors",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FlavorId = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    MemoryMiB = table.Column<int>(type: "INTEGER", nullable: false),
                    Vcpus = table.Column<int>(type: "INTEGER", nullable: false),
                    DiskGiB = table.Column<int>(type: "INTEGER", nullable: false),
                    EphemeralGiB = table.Column<int>(type: "INTEGER", nullable: false),
                    SwapMiB = table.Column<int>(type: "INTEGER", nullable: false),
                    RxTxFactor = table.Column<double>(type: "REAL", nullable: false),
                    IsPublic = table.Column<bool>(type: "INTEGER", nullable: false),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    ExtraSpecs = table.Column<string>(type: "TEXT", nullable: false),
                    Projects = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_flavors", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "instance_builds",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SagaVersion = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SagaState = table.Column<string>(type: "TEXT", nullable: false),
                    Journal = table.Column<string>(type: "TEXT", nullable: false),
                    AbortRequestedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    LeaseOwner = table.Column<string>(type: "TEXT", nullable: true),
                    LeaseExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    RetryAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    FinishedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instance_builds", x => x.Id);
                    table.ForeignKey(
                        name: "FK_instance_builds_instances_InstanceUuid",
                        column: x => x.InstanceUuid,
                        principalTable: "instances",
                        principalColumn: "Uuid",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "flavors",
                columns: new[] { "Id", "CreatedAt", "Description", "DiskGiB", "EphemeralGiB", "ExtraSpecs", "FlavorId", "IsPublic", "MemoryMiB", "Name", "Projects", "RxTxFactor", "SwapMiB", "UpdatedAt", "Vcpus", "Version" },
                values: new object[,]
                {
                    { 1, new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, 1, 0, "{}", "1", true, 512, "m1.tiny", "[]", 1.0, 0, null, 1, 0 },
                    { 2, new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, 20, 0, "{}", "2", true, 2048, "m1.small", "[]", 1.0, 0, null, 1, 0 },
                    { 3, new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, 40, 0, "{}", "3", true, 4096, "m1.medium", "[]", 1.0, 0, null, 2, 0 },
                    { 4, new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, 80, 0, "{}", "4", true, 8192, "m1.large", "[]", 1.0, 0, null, 4, 0 },
                    { 5, new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, 160, 0, "{}", "5", true, 16384, "m1.xlarge", "[]", 1.0, 0, null, 8, 0 }
                });

            migrationBuilder.CreateIndex(
                name: "IX_instances_DeleteRequestedAt",
                table: "instances",
                column: "DeleteRequestedAt");

            migrationBuilder.CreateIndex(
                name: "IX_flavors_FlavorId",
                table: "flavors",
                column: "FlavorId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_flavors_Name",
                table: "flavors",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_instance_builds_FinishedAt",
                table: "instance_builds",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_instance_builds_InstanceUuid",
                table: "instance_builds",
                column: "InstanceUuid");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "flavors");

            migrationBuilder.DropTable(
                name: "instance_builds");

            migrationBuilder.DropIndex(
                name: "IX_instances_DeleteRequestedAt",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "DeleteRequestId",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "DeleteRequestedAt",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "FaultAt",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "FaultCode",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "FaultMessage",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "FlavorId",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "FlavorName",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "ImageId",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "IsMade",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Metadata",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Origin",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Tags",
                table: "instances");
        }
    }
}
