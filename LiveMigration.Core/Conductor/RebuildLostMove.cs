using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Makes the record of a migration anew from the mark in its guest, when the one that was written has been lost with the
/// state file. The record says that the transfer was begun and nothing of how it ended; the engine then asks both hosts, as
/// after any crash: it watches a transfer that goes on, finishes one that has arrived, and takes back one that has not.
/// </summary>
public static class RebuildLostMove
{
    /// <summary>How the reason of such a migration begins.</summary>
    public const string Reason = "the record of this migration was lost and was made anew from the guest's mark";

    /// <param name="Instance">The guest.</param>
    /// <param name="Mark">The mark that it carries, of a migration without a record.</param>
    public sealed record Request(Guid Instance, MigrationMark Mark) : IRequest<Response>;

    /// <param name="MigrationId">The migration's integer id; null when no record was made.</param>
    public sealed record Response(int? MigrationId);

    internal sealed class Handler(
        IMediator mediator,
        IDbContextFactory<ControlPlaneDbContext> contexts,
        LiveMigrationSaga saga,
        IMigrationQueue queue,
        TransferDefaults defaults,
        TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var found = await mediator.Send(new ReadLostMove.Request(request.Instance, request.Mark), ct);
            if (found.Observation == PivotObservation.Unknown || await RecordAsync(request, found, ct) is not { } id)
            {
                return new Response(MigrationId: null);
            }

            queue.Enqueue(id);
            return new Response(id);
        }

        private async Task<int?> RecordAsync(Request request, ReadLostMove.Response found, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleOrDefaultAsync(
                row => row.Uuid == request.Instance && row.VmState != VmState.Deleted && row.TaskState == null, ct);
            if (instance is null
                || await db.Migrations.AnyAsync(row => row.Uuid == request.Mark.Migration || (row.InstanceUuid == request.Instance && row.FinishedAt == null), ct))
            {
                return null;
            }

            var now = time.GetUtcNow().UtcDateTime;
            instance.TaskState = TaskState.Migrating;
            instance.UpdatedAt = now;
            if (found.Observation != PivotObservation.Succeeded)
            {
                instance.Host = request.Mark.Source;
            }

            var migration = Migration(request, instance, found, now);
            db.InstanceActions.Add(Action(instance, migration, now));
            db.Migrations.Add(migration);
            try
            {
                await db.SaveChangesAsync(ct);
                db.Journal.AddRange(Journal(migration, found, now));
                db.Claims.Add(new Claim
                {
                    MigrationId = migration.Id,
                    InstanceUuid = instance.Uuid,
                    Host = request.Mark.Destination,
                    MemoryMiB = instance.MemoryMiB,
                    Vcpus = instance.Vcpus,
                    CreatedAt = now,
                });
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException raced) when (raced is DbUpdateConcurrencyException || SqliteFaults.IsDuplicate(raced))
            {
                // A request has taken the instance since it was read.
                return null;
            }

            await transaction.CommitAsync(ct);
            return migration.Id;
        }

        private Migration Migration(Request request, Instance instance, ReadLostMove.Response found, DateTime now)
        {
            var mark = request.Mark;
            var state = new LiveMigrationState
            {
                Instance = instance.Uuid,
                Migration = mark.Migration,
                RequestId = $"req-{mark.Migration}",
                Source = mark.Source,
                Destination = mark.Destination,
                Options = defaults.Of(mark.Source),
                MigrateData = found.Data,
                Network = new NetworkPlan { Rules = found.Rules },
            };
            var migration = new Migration
            {
                Uuid = mark.Migration,
                InstanceUuid = instance.Uuid,
                RequestId = state.RequestId,
                SourceCompute = mark.Source,
                SourceNode = mark.Source,
                DestCompute = mark.Destination,
                DestNode = mark.Destination,
                UserId = instance.UserId,
                ProjectId = instance.ProjectId,
                CreatedAt = now,
                SagaVersion = saga.Version,
                SagaState = state.ToJson(),
                // The next driver's epoch is one more than that of the mark, as if it had been ours all the time.
                Epoch = mark.Epoch,
            };
            foreach (var status in new[] { MigrationStatus.Queued, MigrationStatus.Preparing, MigrationStatus.Running })
            {
                migration.MoveTo(status, now);
            }

            return migration;
        }

        private static InstanceAction Action(Instance instance, Migration migration, DateTime now) => new()
        {
            InstanceUuid = instance.Uuid,
            RequestId = migration.RequestId,
            Action = "live-migration",
            UserId = instance.UserId,
            ProjectId = instance.ProjectId,
            StartTime = now,
            UpdatedAt = now,
        };

        /// <summary>Everything before the transfer may have been done; the transfer was begun, and is not to be begun again.</summary>
        private IEnumerable<JournalRow> Journal(Migration migration, ReadLostMove.Response found, DateTime now)
        {
            var plan = saga.Definition.Plan;
            var pivot = plan.Steps[plan.Pivot].Name;
            return plan.Steps.Take(plan.Pivot)
                .SelectMany(step => new[] { new JournalEntry(step.Name, JournalKind.StepStarted), new JournalEntry(step.Name, JournalKind.StepDone) })
                .Append(new JournalEntry(pivot, JournalKind.StepStarted))
                .Append(new JournalEntry(pivot, JournalKind.PivotReturned, Why(migration, found)))
                .Select((entry, index) => new JournalRow
                {
                    MigrationId = migration.Id,
                    Sequence = index + 1,
                    Step = entry.Step,
                    Kind = entry.Kind,
                    Reason = entry.Reason,
                    Epoch = migration.Epoch,
                    At = now,
                });
        }

        private static string Why(Migration migration, ReadLostMove.Response found)
        {
            var open = found.Data.Volumes.Count == 0 ? ""
                : $" If it is taken back, {migration.DestCompute} keeps its access to {string.Join(", ", found.Data.Volumes.Select(one => one.Volume))}: who had opened it is not known.";
            return $"{Reason}; who asked for it and with which options is not known.{open}";
        }
    }
}
