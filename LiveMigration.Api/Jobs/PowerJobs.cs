using System.Collections.Concurrent;
using Hangfire;
using LiveMigration.Core.Power;
using MediatR;

namespace LiveMigration.Api.Jobs;

/// <summary>The job that does a power action; everything but its id is in the task's row.</summary>
public sealed class PowerJobs(IMediator mediator, WaitingPowerTasks waiting)
{
    /// <summary>The queue of power actions: they must not wait behind moves, which take long.</summary>
    public const string QueueName = "power";

    /// <summary>Does one. Never retried by Hangfire; the recovery pass comes back to what waits for its host.</summary>
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("power action {0}")]
    [Queue(QueueName)]
    public async Task<string> Run(int taskId, CancellationToken ct)
    {
        try
        {
            return (await mediator.Send(new RunPowerTask.Request(taskId), ct)).Summary;
        }
        finally
        {
            waiting.Ended(taskId);
        }
    }
}

/// <summary>Which power actions a worker has or will have: no task is done by two at once.</summary>
public sealed class WaitingPowerTasks
{
    private readonly ConcurrentDictionary<int, byte> _tasks = new();

    /// <summary>True when nobody has it yet.</summary>
    public bool Add(int taskId) => _tasks.TryAdd(taskId, 0);

    /// <summary>Nobody has it any more.</summary>
    public void Ended(int taskId) => _tasks.TryRemove(taskId, out _);
}
