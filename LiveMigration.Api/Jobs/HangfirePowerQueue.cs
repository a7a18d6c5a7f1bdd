using Hangfire;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Jobs;

/// <summary>Hands power actions to Hangfire's workers.</summary>
internal sealed class HangfirePowerQueue(IBackgroundJobClient jobs, WaitingPowerTasks waiting) : IPowerQueue
{
    public void Enqueue(int powerTaskId)
    {
        if (!waiting.Add(powerTaskId))
        {
            return;
        }

        try
        {
            jobs.Enqueue<PowerJobs>(job => job.Run(powerTaskId, CancellationToken.None));
        }
        catch
        {
            waiting.Ended(powerTaskId);
            throw;
        }
    }
}
