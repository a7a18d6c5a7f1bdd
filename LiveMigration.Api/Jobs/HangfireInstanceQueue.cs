using System.Linq.Expressions;
using Hangfire;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Jobs;

/// <summary>Hands servers that are to be made or removed to Hangfire's workers.</summary>
internal sealed class HangfireInstanceQueue(IBackgroundJobClient jobs, WaitingServers waiting) : IInstanceQueue
{
    public void EnqueueBuild(int build) => Enqueue(InstanceJobs.KeyOf(build), job => job.Build(build, CancellationToken.None));

    public void EnqueueDeletion(Guid instance) => Enqueue(InstanceJobs.KeyOf(instance), job => job.Delete(instance, CancellationToken.None));

    private void Enqueue(string key, Expression<Func<InstanceJobs, Task>> job)
    {
        if (!waiting.Add(key))
        {
            return;
        }

        try
        {
            jobs.Enqueue(job);
        }
        catch
        {
            waiting.Begun(key);
            throw;
        }
    }
}
