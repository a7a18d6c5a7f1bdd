using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LiveMigration.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ProbedFolders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "probed_folders",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MigrationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Host = table.Column<string>(type: "TEXT", nullable: false),
                    Folder = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_probed_folders", x => x.Id);
                    table.ForeignKey(
                        name: "FK_probed_folders_migrations_MigrationId",
                        column: x => x.MigrationId,
                        principalTable: "migrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_probed_folders_MigrationId_Host_Folder",
                table: "probed_folders",
                columns: new[] { "MigrationId", "Host", "Folder" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "probed_folders");
        }
    }
}
