using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace LiveMigration.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class NovaFace : Migration
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

            migrationBuilder.AddColumn<string>(
                name: "DomainTitle",
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
                name: "Origin",
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
                name: "projects",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Description = table.Column<string>(type: "TEXT", nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_projects", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "roles",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Description = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_roles", x => x.Id);
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
                name: "users",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", nullable: true),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    DefaultProjectId = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    Email = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.Id);
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

            migrationBuilder.CreateTable(
                name: "issued_tokens",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    ScopeId = table.Column<string>(type: "TEXT", nullable: true),
                    Methods = table.Column<string>(type: "TEXT", nullable: false),
                    AuditIds = table.Column<string>(type: "TEXT", nullable: false),
                    IssuedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_issued_tokens", x => x.Hash);
                    table.ForeignKey(
                        name: "FK_issued_tokens_users_UserId",
                        column: x => x.UserId,
                        principalTable: "users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "role_assignments",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    ScopeId = table.Column<string>(type: "TEXT", nullable: false),
                    RoleId = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_role_assignments", x => new { x.UserId, x.ScopeId, x.RoleId });
                    table.ForeignKey(
                        name: "FK_role_assignments_roles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "roles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_role_assignments_users_UserId",
                        column: x => x.UserId,
                        principalTable: "users",
                        principalColumn: "Id",
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
                name: "IX_aggregates_Name",
                table: "aggregates",
                column: "Name",
                unique: true);

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

            migrationBuilder.CreateIndex(
                name: "IX_issued_tokens_ExpiresAt",
                table: "issued_tokens",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_issued_tokens_UserId",
                table: "issued_tokens",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_power_tasks_InstanceUuid",
                table: "power_tasks",
                column: "InstanceUuid");

            migrationBuilder.CreateIndex(
                name: "IX_projects_Name",
                table: "projects",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_role_assignments_RoleId",
                table: "role_assignments",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "IX_role_assignments_ScopeId",
                table: "role_assignments",
                column: "ScopeId");

            migrationBuilder.CreateIndex(
                name: "IX_roles_Name",
                table: "roles",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_server_group_members_GroupUuid",
                table: "server_group_members",
                column: "GroupUuid");

            migrationBuilder.CreateIndex(
                name: "IX_users_Name",
                table: "users",
                column: "Name",
                unique: true);

            // So that descriptions of older rows go on following their domain's title.
            migrationBuilder.Sql("UPDATE instances SET DomainTitle = Description;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "aggregates");

            migrationBuilder.DropTable(
                name: "flavors");

            migrationBuilder.DropTable(
                name: "instance_builds");

            migrationBuilder.DropTable(
                name: "issued_tokens");

            migrationBuilder.DropTable(
                name: "power_tasks");

            migrationBuilder.DropTable(
                name: "projects");

            migrationBuilder.DropTable(
                name: "role_assignments");

            migrationBuilder.DropTable(
                name: "server_group_members");

            migrationBuilder.DropTable(
                name: "roles");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "server_groups");

            migrationBuilder.DropIndex(
                name: "IX_instances_DeleteRequestedAt",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "AccessIpV4",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "AccessIpV6",
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
                name: "DomainTitle",
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
                name: "HeldInError",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Hostname",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "ImageId",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "IsMade",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "LockedBy",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Metadata",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "Origin",
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
