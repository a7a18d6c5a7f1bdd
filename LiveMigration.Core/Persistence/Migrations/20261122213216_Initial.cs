using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LiveMigration.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "compute_nodes",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ServiceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    Uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    Host = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    HypervisorHostname = table.Column<string>(type: "TEXT", nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    DisabledReason = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    ForcedDown = table.Column<bool>(type: "INTEGER", nullable: false),
                    Connected = table.Column<bool>(type: "INTEGER", nullable: false),
                    ConnectionError = table.Column<string>(type: "TEXT", nullable: true),
                    LastSeenAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Configured = table.Column<bool>(type: "INTEGER", nullable: false),
                    HypervisorType = table.Column<string>(type: "TEXT", nullable: false),
                    HypervisorVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    HostIp = table.Column<string>(type: "TEXT", nullable: false),
                    MemoryMiB = table.Column<long>(type: "INTEGER", nullable: false),
                    Vcpus = table.Column<int>(type: "INTEGER", nullable: false),
                    LocalGiB = table.Column<long>(type: "INTEGER", nullable: false),
                    FreeDiskGiB = table.Column<long>(type: "INTEGER", nullable: false),
                    CpuInfoJson = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_compute_nodes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "instance_actions",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    ProjectId = table.Column<string>(type: "TEXT", nullable: false),
                    StartTime = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Message = table.Column<string>(type: "TEXT", nullable: true),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instance_actions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "instances",
                columns: table => new
                {
                    Uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    DisplayName = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    DomainName = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Host = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    VmState = table.Column<string>(type: "TEXT", nullable: false),
                    TaskState = table.Column<string>(type: "TEXT", nullable: true),
                    PowerState = table.Column<string>(type: "TEXT", nullable: false),
                    MemoryMiB = table.Column<long>(type: "INTEGER", nullable: false),
                    Vcpus = table.Column<int>(type: "INTEGER", nullable: false),
                    DiskGiB = table.Column<long>(type: "INTEGER", nullable: false),
                    Progress = table.Column<int>(type: "INTEGER", nullable: false),
                    ProjectId = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Locked = table.Column<bool>(type: "INTEGER", nullable: false),
                    LockedReason = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    LaunchedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instances", x => x.Uuid);
                });

            migrationBuilder.CreateTable(
                name: "instance_action_events",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ActionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Event = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Host = table.Column<string>(type: "TEXT", nullable: false),
                    StartTime = table.Column<DateTime>(type: "TEXT", nullable: false),
                    FinishTime = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Result = table.Column<string>(type: "TEXT", nullable: true),
                    Details = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instance_action_events", x => x.Id);
                    table.ForeignKey(
                        name: "FK_instance_action_events_instance_actions_ActionId",
                        column: x => x.ActionId,
                        principalTable: "instance_actions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "migrations",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    SourceCompute = table.Column<string>(type: "TEXT", nullable: false),
                    SourceNode = table.Column<string>(type: "TEXT", nullable: true),
                    DestCompute = table.Column<string>(type: "TEXT", nullable: true),
                    DestNode = table.Column<string>(type: "TEXT", nullable: true),
                    MemoryTotalBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    MemoryProcessedBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    MemoryRemainingBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    DiskTotalBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    DiskProcessedBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    DiskRemainingBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    TransferMs = table.Column<long>(type: "INTEGER", nullable: true),
                    DowntimeMs = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    NeedsAttention = table.Column<bool>(type: "INTEGER", nullable: false),
                    AbortRequestedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    ForceCompleteRequestedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    ProjectId = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    FinishedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SagaVersion = table.Column<string>(type: "TEXT", nullable: false),
                    SagaState = table.Column<string>(type: "TEXT", nullable: false),
                    LeaseOwner = table.Column<string>(type: "TEXT", nullable: true),
                    LeaseExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    RetryAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migrations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_migrations_instances_InstanceUuid",
                        column: x => x.InstanceUuid,
                        principalTable: "instances",
                        principalColumn: "Uuid",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "claims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MigrationId = table.Column<int>(type: "INTEGER", nullable: false),
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    Host = table.Column<string>(type: "TEXT", nullable: false),
                    MemoryMiB = table.Column<long>(type: "INTEGER", nullable: false),
                    Vcpus = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_claims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_claims_migrations_MigrationId",
                        column: x => x.MigrationId,
                        principalTable: "migrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "journal",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MigrationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Step = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    Epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal", x => x.Id);
                    table.ForeignKey(
                        name: "FK_journal_migrations_MigrationId",
                        column: x => x.MigrationId,
                        principalTable: "migrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pending_cleanups",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MigrationId = table.Column<int>(type: "INTEGER", nullable: false),
                    InstanceUuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    Host = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_cleanups", x => x.Id);
                    table.ForeignKey(
                        name: "FK_pending_cleanups_migrations_MigrationId",
                        column: x => x.MigrationId,
                        principalTable: "migrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_claims_Host",
                table: "claims",
                column: "Host");

            migrationBuilder.CreateIndex(
                name: "IX_claims_MigrationId",
                table: "claims",
                column: "MigrationId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_compute_nodes_Host",
                table: "compute_nodes",
                column: "Host",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_compute_nodes_ServiceUuid",
                table: "compute_nodes",
                column: "ServiceUuid",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_compute_nodes_Uuid",
                table: "compute_nodes",
                column: "Uuid",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_instance_action_events_ActionId",
                table: "instance_action_events",
                column: "ActionId");

            migrationBuilder.CreateIndex(
                name: "IX_instance_actions_InstanceUuid_RequestId",
                table: "instance_actions",
                columns: new[] { "InstanceUuid", "RequestId" });

            migrationBuilder.CreateIndex(
                name: "IX_instances_CreatedAt_Uuid",
                table: "instances",
                columns: new[] { "CreatedAt", "Uuid" });

            migrationBuilder.CreateIndex(
                name: "IX_instances_Host",
                table: "instances",
                column: "Host");

            migrationBuilder.CreateIndex(
                name: "IX_journal_MigrationId_Sequence",
                table: "journal",
                columns: new[] { "MigrationId", "Sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_migrations_CreatedAt_Id",
                table: "migrations",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_migrations_FinishedAt",
                table: "migrations",
                column: "FinishedAt",
                filter: "\"FinishedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_migrations_Uuid",
                table: "migrations",
                column: "Uuid",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_one_open_migration_an_instance",
                table: "migrations",
                column: "InstanceUuid",
                unique: true,
                filter: "\"FinishedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_pending_cleanups_MigrationId_Host",
                table: "pending_cleanups",
                columns: new[] { "MigrationId", "Host" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "claims");

            migrationBuilder.DropTable(
                name: "compute_nodes");

            migrationBuilder.DropTable(
                name: "instance_action_events");

            migrationBuilder.DropTable(
                name: "journal");

            migrationBuilder.DropTable(
                name: "pending_cleanups");

            migrationBuilder.DropTable(
                name: "instance_actions");

            migrationBuilder.DropTable(
                name: "migrations");

            migrationBuilder.DropTable(
                name: "instances");
        }
    }
}
