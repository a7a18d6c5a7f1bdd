using Hangfire;
using LiveMigration.Core.Conductor;
using MediatR;

namespace LiveMigration.Api.Jobs;

/// <summary>The one kind of job: drive a migration. Its only argument is the id; everything else is in the journal.</summary>
public sealed class MigrationJobs(IMediator mediator, WaitingMigrations waiting)
{
    /// <summary>
    /// Drives one migration as far as it can go now. Never retried by Hangfire: what to try again, and when, is the
    /// saga's affair. The token fires at shutdown, and shutdown is not abort: it only ends the waiting.
    /// </summary>
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("live migration {0}")]
    public async Task<string> Run(int migrationId, CancellationToken ct)
    {
        waiting.Begun(migrationId);
        return (await mediator.Send(new RunMigration.Request(migrationId), ct)).Summary;
    }
}
