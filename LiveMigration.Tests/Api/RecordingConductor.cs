using System.Collections.Concurrent;
using System.Globalization;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Tests.Api;

/// <summary>What the API has sent to the conductor.</summary>
internal sealed class RecordingConductor
{
    public ConcurrentQueue<object> Requests { get; } = new();

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Fault { get; set; }

    public T Last<T>() => Requests.OfType<T>().Last();
}

/// <summary>Answers as the conductor does: with Nova's guards, in Nova's order, but without doing anything.</summary>
internal sealed class ScriptedConductor(RecordingConductor recording, ControlPlaneDbContext db) :
    IRequestHandler<StartLiveMigration.Request, StartLiveMigration.Response>,
    IRequestHandler<AbortLiveMigration.Request, AbortLiveMigration.Response>,
    IRequestHandler<ForceCompleteLiveMigration.Request, ForceCompleteLiveMigration.Response>,
    IRequestHandler<RunMigration.Request, RunMigration.Response>
{
    public Task<RunMigration.Response> Handle(RunMigration.Request request, CancellationToken cancellationToken)
    {
        Record(request);
        return Task.FromResult(new RunMigration.Response("completed"));
    }

    public async Task<StartLiveMigration.Response> Handle(StartLiveMigration.Request request, CancellationToken cancellationToken)
    {
        Record(request);
        var instance = await FindAsync(request.Instance, cancellationToken);
        if (instance.VmState is not (VmState.Active or VmState.Paused))
        {
            throw new InstanceInvalidState(instance.Uuid, "os-migrateLive", "vm_state", instance.VmState.ToString().ToLowerInvariant());
        }

        if (instance.TaskState is not null)
        {
            throw new InstanceInvalidState(instance.Uuid, "os-migrateLive", "task_state", "migrating");
        }

        if (request.Host is null)
        {
            return new StartLiveMigration.Response(1);
        }

        var node = await db.ComputeNodes.SingleOrDefaultAsync(row => row.Host == request.Host, cancellationToken)
            ?? throw new ComputeHostNotFound(request.Host);
        return !request.WaitForChecks ? new StartLiveMigration.Response(1)
            : node.ForcedDown ? throw new ComputeServiceUnavailable(node.Host)
            : node.Host != instance.Host
                ? request.Scheduled && !node.Enabled ? throw new NoValidHost("") : new StartLiveMigration.Response(1)
            : request.Scheduled ? throw new NoValidHost("There are not enough hosts available.")
            : throw new UnableToMigrateToSelf(instance.Uuid, node.Host);
    }

    public async Task<AbortLiveMigration.Response> Handle(AbortLiveMigration.Request request, CancellationToken cancellationToken)
    {
        Record(request);
        const string Method = "abort live migration";
        var migration = await FindMigrationAsync(request.Instance, request.Migration, Method, cancellationToken);
        var allowed = migration.Status == MigrationStatus.Running
            || (request.AlsoQueued && migration.Status is MigrationStatus.Queued or MigrationStatus.Preparing);
        return allowed
            ? new AbortLiveMigration.Response()
            : throw new InvalidMigrationState(migration.Id, request.Instance, migration.Status.ToNova(), Method);
    }

    public async Task<ForceCompleteLiveMigration.Response> Handle(
        ForceCompleteLiveMigration.Request request, CancellationToken cancellationToken)
    {
        Record(request);
        var migration = await FindMigrationAsync(request.Instance, request.Migration, "force_complete", cancellationToken);
        return migration.Status == MigrationStatus.Running
            ? new ForceCompleteLiveMigration.Response()
            : throw new InvalidMigrationState(migration.Id, request.Instance, migration.Status.ToNova(), "force complete");
    }

    private void Record(object request)
    {
        recording.Requests.Enqueue(request);
        if (recording.Fault is { } fault)
        {
            throw fault;
        }
    }

    private async Task<Instance> FindAsync(Guid uuid, CancellationToken ct) =>
        await db.Instances.SingleOrDefaultAsync(row => row.Uuid == uuid, ct) ?? throw new InstanceNotFound(uuid.ToString());

    private async Task<Migration> FindMigrationAsync(Guid instance, string migration, string method, CancellationToken ct)
    {
        if ((await FindAsync(instance, ct)).TaskState is null)
        {
            throw new InstanceInvalidState(instance, method);
        }

        var id = int.TryParse(migration, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return await db.Migrations.SingleOrDefaultAsync(row => row.Id == id && row.InstanceUuid == instance, ct)
            ?? throw new MigrationNotFound(migration, instance);
    }
}
