using Hangfire;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Jobs;

/// <summary>Hands migrations to Hangfire's workers.</summary>
internal sealed class HangfireMigrationQueue(IBackgroundJobClient jobs, WaitingMigrations waiting) : IMigrationQueue
{
    public void Enqueue(int migrationId)
    {
        if (!waiting.Add(migrationId))
        {
            return;
        }

        try
        {
            jobs.Enqueue<MigrationJobs>(job => job.Run(migrationId, CancellationToken.None));
        }
        catch
        {
            waiting.Begun(migrationId);
            throw;
        }
    }
}
