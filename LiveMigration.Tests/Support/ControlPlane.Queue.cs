using System.Collections.Concurrent;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using MediatR;

namespace LiveMigration.Tests.Support;

/// <content>Its jobs.</content>
internal sealed partial class ControlPlane
{
    /// <summary>Jobs as tasks; after a death nothing that it still does is heard.</summary>
    internal sealed class TestQueue : IMigrationQueue, IPowerQueue, IInstanceQueue
    {
        private readonly ConcurrentBag<Task> _running = [];
        private readonly ConcurrentDictionary<int, byte> _powerTasks = new();
        private IMediator? _mediator;
        private CancellationToken _ct;
        private volatile bool _dead;

        public void Start(IMediator mediator, CancellationToken ct) => (_mediator, _ct) = (mediator, ct);

        public void Enqueue(int migrationId)
        {
            if (!_dead)
            {
                Track(Task.Run(() => _mediator!.Send(new RunMigration.Request(migrationId), _ct), _ct));
            }
        }

        void IPowerQueue.Enqueue(int powerTaskId)
        {
            if (!_dead && _powerTasks.TryAdd(powerTaskId, 0))
            {
                Track(Task.Run(() => RunPowerAsync(powerTaskId), _ct));
            }
        }

        public void EnqueueBuild(int build)
        {
            if (!_dead)
            {
                Track(Task.Run(() => _mediator!.Send(new RunBuild.Request(build), _ct), _ct));
            }
        }

        public void EnqueueDeletion(Guid instance)
        {
            if (!_dead)
            {
                Track(Task.Run(() => _mediator!.Send(new RunDeletion.Request(instance), _ct), _ct));
            }
        }

        private async Task RunPowerAsync(int id)
        {
            try
            {
                await _mediator!.Send(new RunPowerTask.Request(id), _ct);
            }
            finally
            {
                _powerTasks.TryRemove(id, out _);
            }
        }

        public void Track(Task task) => _running.Add(task);

        public void Kill() => _dead = true;

        public async Task QuietAsync()
        {
            foreach (var task in _running)
            {
                try
                {
                    await task;
                }
                catch (Exception exception) when (exception is OperationCanceledException or Sagas.Killed || SqliteFaults.Explain(exception) is not null)
                {
                    // The death of its process, or of its disk.
                }
            }
        }
    }
}
