using LiveMigration.Core.Auditing;

namespace LiveMigration.Api.Hosting;

/// <summary>Keeps the auditor running as long as the program does.</summary>
internal sealed class AuditLoop(Auditor auditor) : IBackgroundWork
{
    public Task RunAsync(CancellationToken ct) => auditor.RunAsync(ct);
}
