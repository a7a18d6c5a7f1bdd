using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LiveMigration.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ServerActions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "AccessIpV4",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccessIpV6",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DomainTitle",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "HeldInError",
                table: "instances",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Hostname",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "LockedBy",
                table: "instances",
                type: "TEXT",
                maxLength: 16,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Metadata",
                table: "instances",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "PinnedAvailabilityZone",
                table: "instances",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Tags",
                table: "instances",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<DateTime>(
                name: "BootedAt",
                table: "compute_nodes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "aggregates",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Metadata = table.Column<string>(type: "TEXT", nullable: false),
                    Hosts = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_aggregates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "power_tasks",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    Host = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    BegunAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_power_tasks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "server_groups",
                columns: table => new
                {
                    Uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Policy = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    MaxServerPerHost = table.Column<int>(type: "INTEGER", nullable: true),
                    ProjectId = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_server_groups", x => x.Uuid);
                });

            migrationBuilder.CreateTable(
                name: "server_group_members",
                columns: table => new
                {
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    GroupUuid = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_server_group_members", x => x.InstanceUuid);
                    table.ForeignKey(
                        name: "FK_server_group_members_server_groups_GroupUuid",
                        column: x => x.GroupUuid,
                        principalTable: "server_groups",
                        principalColumn: "Uuid",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_aggregates_Name",
                table: "aggregates",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_power_tasks_InstanceUuid",
                table: "power_tasks",
                column: "InstanceUuid");

            migrationBuilder.CreateIndex(
                name: "IX_server_group_members_GroupUuid",
                table: "server_group_members",
                column: "GroupUuid");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "aggregates");

            migrationBuilder.DropTable(
                name: "power_tasks");

            migrationBuilder.DropTable(
                name: "server_group_members");

            migrationBuilder.DropTable(
                name: "server_groups");

            migrationBuilder.DropColumn(
                name: "AccessIpV4",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "AccessIpV6",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "DomainTitle",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "HeldInError",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Hostname",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "LockedBy",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Metadata",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "PinnedAvailabilityZone",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Tags",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "BootedAt",
                table: "compute_nodes");
        }
    }
}
