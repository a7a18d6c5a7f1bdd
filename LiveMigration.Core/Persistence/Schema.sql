CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "compute_nodes" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_compute_nodes" PRIMARY KEY AUTOINCREMENT,
    "ServiceUuid" TEXT NOT NULL,
    "Uuid" TEXT NOT NULL,
    "Host" TEXT NOT NULL,
    "HypervisorHostname" TEXT NOT NULL,
    "Enabled" INTEGER NOT NULL,
    "DisabledReason" TEXT NULL,
    "ForcedDown" INTEGER NOT NULL,
    "Connected" INTEGER NOT NULL,
    "ConnectionError" TEXT NULL,
    "LastSeenAt" TEXT NULL,
    "Configured" INTEGER NOT NULL,
    "HypervisorType" TEXT NOT NULL,
    "HypervisorVersion" INTEGER NOT NULL,
    "HostIp" TEXT NOT NULL,
    "MemoryMiB" INTEGER NOT NULL,
    "Vcpus" INTEGER NOT NULL,
    "LocalGiB" INTEGER NOT NULL,
    "FreeDiskGiB" INTEGER NOT NULL,
    "CpuInfoJson" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NULL,
    "Version" INTEGER NOT NULL
);

CREATE TABLE "instance_actions" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_instance_actions" PRIMARY KEY AUTOINCREMENT,
    "InstanceUuid" TEXT NOT NULL,
    "RequestId" TEXT NOT NULL,
    "Action" TEXT NOT NULL,
    "UserId" TEXT NOT NULL,
    "ProjectId" TEXT NOT NULL,
    "StartTime" TEXT NOT NULL,
    "Message" TEXT NULL,
    "UpdatedAt" TEXT NULL
);

CREATE TABLE "instances" (
    "Uuid" TEXT NOT NULL CONSTRAINT "PK_instances" PRIMARY KEY,
    "DisplayName" TEXT NOT NULL,
    "Description" TEXT NULL,
    "DomainName" TEXT NOT NULL,
    "Host" TEXT NOT NULL,
    "VmState" TEXT NOT NULL,
    "TaskState" TEXT NULL,
    "PowerState" TEXT NOT NULL,
    "MemoryMiB" INTEGER NOT NULL,
    "Vcpus" INTEGER NOT NULL,
    "DiskGiB" INTEGER NOT NULL,
    "Progress" INTEGER NOT NULL,
    "ProjectId" TEXT NOT NULL,
    "UserId" TEXT NOT NULL,
    "Locked" INTEGER NOT NULL,
    "LockedReason" TEXT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NULL,
    "LaunchedAt" TEXT NULL,
    "Version" INTEGER NOT NULL
);

CREATE TABLE "instance_action_events" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_instance_action_events" PRIMARY KEY AUTOINCREMENT,
    "ActionId" INTEGER NOT NULL,
    "Event" TEXT NOT NULL,
    "Host" TEXT NOT NULL,
    "StartTime" TEXT NOT NULL,
    "FinishTime" TEXT NULL,
    "Result" TEXT NULL,
    "Details" TEXT NULL,
    CONSTRAINT "FK_instance_action_events_instance_actions_ActionId" FOREIGN KEY ("ActionId") REFERENCES "instance_actions" ("Id") ON DELETE CASCADE
);

CREATE TABLE "migrations" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_migrations" PRIMARY KEY AUTOINCREMENT,
    "Uuid" TEXT NOT NULL,
    "InstanceUuid" TEXT NOT NULL,
    "RequestId" TEXT NOT NULL,
    "Status" TEXT NOT NULL,
    "SourceCompute" TEXT NOT NULL,
    "SourceNode" TEXT NULL,
    "DestCompute" TEXT NULL,
    "DestNode" TEXT NULL,
    "MemoryTotalBytes" INTEGER NULL,
    "MemoryProcessedBytes" INTEGER NULL,
    "MemoryRemainingBytes" INTEGER NULL,
    "DiskTotalBytes" INTEGER NULL,
    "DiskProcessedBytes" INTEGER NULL,
    "DiskRemainingBytes" INTEGER NULL,
    "TransferMs" INTEGER NULL,
    "DowntimeMs" INTEGER NULL,
    "Reason" TEXT NULL,
    "NeedsAttention" INTEGER NOT NULL,
    "AbortRequestedAt" TEXT NULL,
    "ForceCompleteRequestedAt" TEXT NULL,
    "UserId" TEXT NOT NULL,
    "ProjectId" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NULL,
    "FinishedAt" TEXT NULL,
    "SagaVersion" TEXT NOT NULL,
    "SagaState" TEXT NOT NULL,
    "LeaseOwner" TEXT NULL,
    "LeaseExpiresAt" TEXT NULL,
    "Epoch" INTEGER NOT NULL,
    "RetryAt" TEXT NULL,
    "Version" INTEGER NOT NULL,
    CONSTRAINT "FK_migrations_instances_InstanceUuid" FOREIGN KEY ("InstanceUuid") REFERENCES "instances" ("Uuid") ON DELETE RESTRICT
);

CREATE TABLE "claims" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_claims" PRIMARY KEY AUTOINCREMENT,
    "MigrationId" INTEGER NOT NULL,
    "InstanceUuid" TEXT NOT NULL,
    "Host" TEXT NOT NULL,
    "MemoryMiB" INTEGER NOT NULL,
    "Vcpus" INTEGER NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    CONSTRAINT "FK_claims_migrations_MigrationId" FOREIGN KEY ("MigrationId") REFERENCES "migrations" ("Id") ON DELETE CASCADE
);

CREATE TABLE "journal" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_journal" PRIMARY KEY AUTOINCREMENT,
    "MigrationId" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL,
    "Step" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "Reason" TEXT NULL,
    "Epoch" INTEGER NOT NULL,
    "At" TEXT NOT NULL,
    CONSTRAINT "FK_journal_migrations_MigrationId" FOREIGN KEY ("MigrationId") REFERENCES "migrations" ("Id") ON DELETE RESTRICT
);

CREATE TABLE "pending_cleanups" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_pending_cleanups" PRIMARY KEY AUTOINCREMENT,
    "MigrationId" INTEGER NOT NULL,
    "InstanceUuid" TEXT NOT NULL,
    "Host" TEXT NOT NULL,
    "Reason" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    CONSTRAINT "FK_pending_cleanups_migrations_MigrationId" FOREIGN KEY ("MigrationId") REFERENCES "migrations" ("Id") ON DELETE CASCADE
);

CREATE INDEX "IX_claims_Host" ON "claims" ("Host");

CREATE UNIQUE INDEX "IX_claims_MigrationId" ON "claims" ("MigrationId");

CREATE UNIQUE INDEX "IX_compute_nodes_Host" ON "compute_nodes" ("Host");

CREATE UNIQUE INDEX "IX_compute_nodes_ServiceUuid" ON "compute_nodes" ("ServiceUuid");

CREATE UNIQUE INDEX "IX_compute_nodes_Uuid" ON "compute_nodes" ("Uuid");

CREATE INDEX "IX_instance_action_events_ActionId" ON "instance_action_events" ("ActionId");

CREATE INDEX "IX_instance_actions_InstanceUuid_RequestId" ON "instance_actions" ("InstanceUuid", "RequestId");

CREATE INDEX "IX_instances_CreatedAt_Uuid" ON "instances" ("CreatedAt", "Uuid");

CREATE INDEX "IX_instances_Host" ON "instances" ("Host");

CREATE UNIQUE INDEX "IX_journal_MigrationId_Sequence" ON "journal" ("MigrationId", "Sequence");

CREATE INDEX "IX_migrations_CreatedAt_Id" ON "migrations" ("CreatedAt", "Id");

CREATE INDEX "IX_migrations_FinishedAt" ON "migrations" ("FinishedAt") WHERE "FinishedAt" IS NULL;

CREATE UNIQUE INDEX "IX_migrations_Uuid" ON "migrations" ("Uuid");

CREATE UNIQUE INDEX "ix_one_open_migration_an_instance" ON "migrations" ("InstanceUuid") WHERE "FinishedAt" IS NULL;

CREATE UNIQUE INDEX "IX_pending_cleanups_MigrationId_Host" ON "pending_cleanups" ("MigrationId", "Host");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261122213216_Initial', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "disk_claims" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_disk_claims" PRIMARY KEY AUTOINCREMENT,
    "MigrationId" INTEGER NOT NULL,
    "Host" TEXT NOT NULL,
    "Folder" TEXT NOT NULL,
    "CapacityBytes" INTEGER NOT NULL,
    "Bytes" INTEGER NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    CONSTRAINT "FK_disk_claims_migrations_MigrationId" FOREIGN KEY ("MigrationId") REFERENCES "migrations" ("Id") ON DELETE CASCADE
);

CREATE TABLE "host_attempts" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_host_attempts" PRIMARY KEY AUTOINCREMENT,
    "MigrationId" INTEGER NOT NULL,
    "Host" TEXT NOT NULL,
    "Reason" TEXT NOT NULL,
    "At" TEXT NOT NULL,
    CONSTRAINT "FK_host_attempts_migrations_MigrationId" FOREIGN KEY ("MigrationId") REFERENCES "migrations" ("Id") ON DELETE CASCADE
);

CREATE TABLE "outbox" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_outbox" PRIMARY KEY AUTOINCREMENT,
    "MessageId" TEXT NOT NULL,
    "EventType" TEXT NOT NULL,
    "Priority" TEXT NOT NULL,
    "Versioned" INTEGER NOT NULL,
    "RequestId" TEXT NOT NULL,
    "Body" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL
);

CREATE TABLE "sink_positions" (
    "Sink" TEXT NOT NULL CONSTRAINT "PK_sink_positions" PRIMARY KEY,
    "Position" INTEGER NOT NULL
);

CREATE INDEX "IX_disk_claims_Host" ON "disk_claims" ("Host");

CREATE UNIQUE INDEX "IX_disk_claims_MigrationId_Folder" ON "disk_claims" ("MigrationId", "Folder");

CREATE UNIQUE INDEX "IX_host_attempts_MigrationId_Host" ON "host_attempts" ("MigrationId", "Host");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261123001801_WholeWorkflow', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "instances" ADD "AccessIpV4" TEXT NULL;

ALTER TABLE "instances" ADD "AccessIpV6" TEXT NULL;

ALTER TABLE "instances" ADD "DeleteRequestId" TEXT NULL;

ALTER TABLE "instances" ADD "DeleteRequestedAt" TEXT NULL;

ALTER TABLE "instances" ADD "DeletedAt" TEXT NULL;

ALTER TABLE "instances" ADD "DomainTitle" TEXT NULL;

ALTER TABLE "instances" ADD "FaultAt" TEXT NULL;

ALTER TABLE "instances" ADD "FaultCode" INTEGER NULL;

ALTER TABLE "instances" ADD "FaultMessage" TEXT NULL;

ALTER TABLE "instances" ADD "FlavorId" TEXT NULL;

ALTER TABLE "instances" ADD "FlavorName" TEXT NULL;

ALTER TABLE "instances" ADD "HeldInError" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "instances" ADD "Hostname" TEXT NULL;

ALTER TABLE "instances" ADD "ImageId" TEXT NULL;

ALTER TABLE "instances" ADD "IsMade" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "instances" ADD "LockedBy" TEXT NULL;

ALTER TABLE "instances" ADD "Metadata" TEXT NOT NULL DEFAULT ('{}');

ALTER TABLE "instances" ADD "Origin" TEXT NOT NULL DEFAULT ('{}');

ALTER TABLE "instances" ADD "PinnedAvailabilityZone" TEXT NULL;

ALTER TABLE "instances" ADD "Tags" TEXT NOT NULL DEFAULT ('[]');

ALTER TABLE "compute_nodes" ADD "BootedAt" TEXT NULL;

CREATE TABLE "aggregates" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_aggregates" PRIMARY KEY AUTOINCREMENT,
    "Uuid" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Metadata" TEXT NOT NULL,
    "Hosts" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NULL
);

CREATE TABLE "flavors" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_flavors" PRIMARY KEY AUTOINCREMENT,
    "FlavorId" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "MemoryMiB" INTEGER NOT NULL,
    "Vcpus" INTEGER NOT NULL,
    "DiskGiB" INTEGER NOT NULL,
    "EphemeralGiB" INTEGER NOT NULL,
    "SwapMiB" INTEGER NOT NULL,
    "RxTxFactor" REAL NOT NULL,
    "IsPublic" INTEGER NOT NULL,
    "Description" TEXT NULL,
    "ExtraSpecs" TEXT NOT NULL,
    "Projects" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NULL,
    "Version" INTEGER NOT NULL
);

CREATE TABLE "instance_builds" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_instance_builds" PRIMARY KEY AUTOINCREMENT,
    "InstanceUuid" TEXT NOT NULL,
    "RequestId" TEXT NOT NULL,
    "SagaVersion" TEXT NOT NULL,
    "SagaState" TEXT NOT NULL,
    "Journal" TEXT NOT NULL,
    "AbortRequestedAt" TEXT NULL,
    "LeaseOwner" TEXT NULL,
    "LeaseExpiresAt" TEXT NULL,
    "Epoch" INTEGER NOT NULL,
    "RetryAt" TEXT NULL,
    "Reason" TEXT NULL,
    "CreatedAt" TEXT NOT NULL,
    "FinishedAt" TEXT NULL,
    CONSTRAINT "FK_instance_builds_instances_InstanceUuid" FOREIGN KEY ("InstanceUuid") REFERENCES "instances" ("Uuid") ON DELETE CASCADE
);

CREATE TABLE "power_tasks" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_power_tasks" PRIMARY KEY AUTOINCREMENT,
    "InstanceUuid" TEXT NOT NULL,
    "RequestId" TEXT NOT NULL,
    "Action" TEXT NOT NULL,
    "Host" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "BegunAt" TEXT NULL
);

CREATE TABLE "projects" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_projects" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Description" TEXT NOT NULL,
    "Enabled" INTEGER NOT NULL,
    "CreatedAt" TEXT NOT NULL
);

CREATE TABLE "roles" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_roles" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Description" TEXT NULL
);

CREATE TABLE "server_groups" (
    "Uuid" TEXT NOT NULL CONSTRAINT "PK_server_groups" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Policy" TEXT NOT NULL,
    "MaxServerPerHost" INTEGER NULL,
    "ProjectId" TEXT NOT NULL,
    "UserId" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL
);

CREATE TABLE "users" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_users" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "PasswordHash" TEXT NULL,
    "Enabled" INTEGER NOT NULL,
    "DefaultProjectId" TEXT NULL,
    "Description" TEXT NULL,
    "Email" TEXT NULL,
    "CreatedAt" TEXT NOT NULL
);

CREATE TABLE "server_group_members" (
    "InstanceUuid" TEXT NOT NULL CONSTRAINT "PK_server_group_members" PRIMARY KEY,
    "GroupUuid" TEXT NOT NULL,
    CONSTRAINT "FK_server_group_members_server_groups_GroupUuid" FOREIGN KEY ("GroupUuid") REFERENCES "server_groups" ("Uuid") ON DELETE CASCADE
);

CREATE TABLE "issued_tokens" (
    "Hash" TEXT NOT NULL CONSTRAINT "PK_issued_tokens" PRIMARY KEY,
    "UserId" TEXT NOT NULL,
    "ScopeId" TEXT NULL,
    "Methods" TEXT NOT NULL,
    "AuditIds" TEXT NOT NULL,
    "IssuedAt" TEXT NOT NULL,
    "ExpiresAt" TEXT NOT NULL,
    CONSTRAINT "FK_issued_tokens_users_UserId" FOREIGN KEY ("UserId") REFERENCES "users" ("Id") ON DELETE CASCADE
);

CREATE TABLE "role_assignments" (
    "UserId" TEXT NOT NULL,
    "ScopeId" TEXT NOT NULL,
    "RoleId" TEXT NOT NULL,
    CONSTRAINT "PK_role_assignments" PRIMARY KEY ("UserId", "ScopeId", "RoleId"),
    CONSTRAINT "FK_role_assignments_roles_RoleId" FOREIGN KEY ("RoleId") REFERENCES "roles" ("Id") ON DELETE CASCADE,
    CONSTRAINT "FK_role_assignments_users_UserId" FOREIGN KEY ("UserId") REFERENCES "users" ("Id") ON DELETE CASCADE
);

INSERT INTO "flavors" ("Id", "CreatedAt", "Description", "DiskGiB", "EphemeralGiB", "ExtraSpecs", "FlavorId", "IsPublic", "MemoryMiB", "Name", "Projects", "RxTxFactor", "SwapMiB", "UpdatedAt", "Vcpus", "Version")
VALUES (1, '2026-01-01 00:00:00', NULL, 1, 0, '{}', '1', 1, 512, 'm1.tiny', '[]', 1.0, 0, NULL, 1, 0);
SELECT changes();

INSERT INTO "flavors" ("Id", "CreatedAt", "Description", "DiskGiB", "EphemeralGiB", "ExtraSpecs", "FlavorId", "IsPublic", "MemoryMiB", "Name", "Projects", "RxTxFactor", "SwapMiB", "UpdatedAt", "Vcpus", "Version")
VALUES (2, '2026-01-01 00:00:00', NULL, 20, 0, '{}', '2', 1, 2048, 'm1.small', '[]', 1.0, 0, NULL, 1, 0);
SELECT changes();

INSERT INTO "flavors" ("Id", "CreatedAt", "Description", "DiskGiB", "EphemeralGiB", "ExtraSpecs", "FlavorId", "IsPublic", "MemoryMiB", "Name", "Projects", "RxTxFactor", "SwapMiB", "UpdatedAt", "Vcpus", "Version")
VALUES (3, '2026-01-01 00:00:00', NULL, 40, 0, '{}', '3', 1, 4096, 'm1.medium', '[]', 1.0, 0, NULL, 2, 0);
SELECT changes();

INSERT INTO "flavors" ("Id", "CreatedAt", "Description", "DiskGiB", "EphemeralGiB", "ExtraSpecs", "FlavorId", "IsPublic", "MemoryMiB", "Name", "Projects", "RxTxFactor", "SwapMiB", "UpdatedAt", "Vcpus", "Version")
VALUES (4, '2026-01-01 00:00:00', NULL, 80, 0, '{}', '4', 1, 8192, 'm1.large', '[]', 1.0, 0, NULL, 4, 0);
SELECT changes();

INSERT INTO "flavors" ("Id", "CreatedAt", "Description", "DiskGiB", "EphemeralGiB", "ExtraSpecs", "FlavorId", "IsPublic", "MemoryMiB", "Name", "Projects", "RxTxFactor", "SwapMiB", "UpdatedAt", "Vcpus", "Version")
VALUES (5, '2026-01-01 00:00:00', NULL, 160, 0, '{}', '5', 1, 16384, 'm1.xlarge', '[]', 1.0, 0, NULL, 8, 0);
SELECT changes();


CREATE INDEX "IX_instances_DeleteRequestedAt" ON "instances" ("DeleteRequestedAt");

CREATE UNIQUE INDEX "IX_aggregates_Name" ON "aggregates" ("Name");

CREATE UNIQUE INDEX "IX_flavors_FlavorId" ON "flavors" ("FlavorId");

CREATE UNIQUE INDEX "IX_flavors_Name" ON "flavors" ("Name");

CREATE INDEX "IX_instance_builds_FinishedAt" ON "instance_builds" ("FinishedAt");

CREATE INDEX "IX_instance_builds_InstanceUuid" ON "instance_builds" ("InstanceUuid");

CREATE INDEX "IX_issued_tokens_ExpiresAt" ON "issued_tokens" ("ExpiresAt");

CREATE INDEX "IX_issued_tokens_UserId" ON "issued_tokens" ("UserId");

CREATE INDEX "IX_power_tasks_InstanceUuid" ON "power_tasks" ("InstanceUuid");

CREATE UNIQUE INDEX "IX_projects_Name" ON "projects" ("Name");

CREATE INDEX "IX_role_assignments_RoleId" ON "role_assignments" ("RoleId");

CREATE INDEX "IX_role_assignments_ScopeId" ON "role_assignments" ("ScopeId");

CREATE UNIQUE INDEX "IX_roles_Name" ON "roles" ("Name");

CREATE INDEX "IX_server_group_members_GroupUuid" ON "server_group_members" ("GroupUuid");

CREATE UNIQUE INDEX "IX_users_Name" ON "users" ("Name");

UPDATE instances SET DomainTitle = Description;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261123040805_NovaFace', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE INDEX "IX_instance_actions_RequestId" ON "instance_actions" ("RequestId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261123162604_ActionsByRequest', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "probed_folders" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_probed_folders" PRIMARY KEY AUTOINCREMENT,
    "MigrationId" INTEGER NOT NULL,
    "Host" TEXT NOT NULL,
    "Folder" TEXT NOT NULL,
    CONSTRAINT "FK_probed_folders_migrations_MigrationId" FOREIGN KEY ("MigrationId") REFERENCES "migrations" ("Id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "IX_probed_folders_MigrationId_Host_Folder" ON "probed_folders" ("MigrationId", "Host", "Folder");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130171918_ProbedFolders', '10.0.15');

COMMIT;

