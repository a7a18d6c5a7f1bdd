using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Scheduler;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Seed steps 2 to 5: finds a host that the scheduler likes, that has the memory, and that passes the checks of both ends.
/// A host that will not do is set aside with its reason, and the next one tried.
/// </summary>
public static class ChooseDestination
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="State">The migration so far.</param>
    public sealed record Request(int MigrationId, LiveMigrationState State) : IRequest<Response>;

    /// <param name="State">With destination, what the checks found, and the hosts that would not do.</param>
    public sealed record Response(LiveMigrationState State);

    internal sealed class Handler(
        IMediator mediator,
        IDbContextFactory<ControlPlaneDbContext> contexts,
        ConductorEvent conductorEvent,
        HostAttempts attempts,
        LiveMigrationSettings settings,
        TimeProvider time) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken ct) =>
            conductorEvent.CoverAsync(request.State, last: true, () => ChooseAsync(request.MigrationId, request.State, ct), ct);

        private async Task<Response> ChooseAsync(int migrationId, LiveMigrationState state, CancellationToken ct)
        {
            if (!state.Scheduled)
            {
                await CheckForcedHostAsync(state, ct);
            }

            var bindings = (await mediator.Send(new CheckGuestBindings.Request(state.Source, state.Instance), ct)).Bindings;

            // Begun afresh if this step is run again: hosts may have changed since.
            Dictionary<string, string> refusals = new(StringComparer.OrdinalIgnoreCase);
            while (true)
            {
                if (settings.MigrateMaxRetries >= 0 && refusals.Count > settings.MigrateMaxRetries)
                {
                    throw new MaxRetriesExceeded(refusals.Count, state.Instance, refusals);
                }

                var choice = await SelectAsync(migrationId, state, refusals, ct);
                try
                {
                    await CheckHypervisorsAsync(state.Source, choice.Host, ct);
                    var (data, network) = await CheckBothEndsAsync(migrationId, state, choice, bindings, ct);
                    return new Response(state with { Destination = choice.Host, MigrateData = data, Network = network });
                }
                catch (ControlPlaneException refusal) when (state.Scheduled && IsAboutThisHost(refusal, choice.Host))
                {
                    refusals[choice.Host] = refusal.Message;
                    await attempts.NoteAsync(migrationId, refusals, ct);
                }
            }
        }

        /// <summary>Another host may do where this one does not; Nova gives up when it does not answer.</summary>
        private static bool IsAboutThisHost(ControlPlaneException refusal, string host) =>
            refusal.Kind == ErrorKind.Unsuitable || (refusal is HypervisorUnavailable silent && silent.Host == host);

        private async Task CheckForcedHostAsync(LiveMigrationState state, CancellationToken ct)
        {
            var host = state.RequestedHost!;
            if (string.Equals(host, state.Source, StringComparison.OrdinalIgnoreCase))
            {
                throw new UnableToMigrateToSelf(state.Instance, host);
            }

            await using var db = await contexts.CreateDbContextAsync(ct);
            var node = await db.FindNodeAsync(host, ct);
            if (node is not { IsUp: true })
            {
                throw new ComputeServiceUnavailable(host);
            }
        }

        private async Task<SelectDestinations.Response> SelectAsync(
            int migrationId, LiveMigrationState state, Dictionary<string, string> refusals, CancellationToken ct)
        {
            try
            {
                var choice = await mediator.Send(
                    new SelectDestinations.Request(
                        migrationId, state.Instance, state.Source, state.RequestedHost, refusals, Filtered: state.Scheduled),
                    ct);
                await attempts.NoteAsync(migrationId, choice.Refusals, ct);
                return choice;
            }
            catch (NoValidHost nobody)
            {
                await attempts.NoteAsync(migrationId, nobody.Refusals, ct);
                throw;
            }
        }

        private async Task CheckHypervisorsAsync(string source, string destination, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var from = (await db.FindNodeAsync(source, ct))!;
            var to = (await db.FindNodeAsync(destination, ct))!;
            if (from.HypervisorType != to.HypervisorType)
            {
                throw new InvalidHypervisorType();
            }

            if (from.HypervisorVersion > to.HypervisorVersion)
            {
                throw new DestinationHypervisorTooOld();
            }
        }

        private async Task<(MigrateData Data, NetworkPlan Network)> CheckBothEndsAsync(
            int migrationId, LiveMigrationState state, SelectDestinations.Response choice, GuestBindings bindings, CancellationToken ct)
        {
            var there = await mediator.Send(
                new CheckCanLiveMigrateDestination.Request(
                    state.RequestId, migrationId, state.Migration, choice.Guest, bindings, choice.Host),
                ct);
            try
            {
                var checkingNetwork = mediator.Send(new CheckNetworkAtDestination.Request(choice.Guest, state.Source, choice.Host), ct);
                var checkingSource = mediator.Send(
                    new CheckCanLiveMigrateSource.Request(state.RequestId, state.Source, choice.Guest, there.Probe, state.BlockMigration), ct);
                await Task.WhenAll(checkingNetwork, checkingSource);
                var here = await checkingSource;
                RefuseDiskCopy(state, here.MigrateData);
                var data = await CheckDisksAsync(migrationId, state, choice.Host, here.MigrateData, ct);
                var volumes = await mediator.Send(
                    new CheckVolumeConnections.Request(migrationId, choice.Guest, state.Source, choice.Host), ct);
                await Task.WhenAll(CleanUpAsync(refused: false), SaveAsync(migrationId, state.Source, choice, ct));
                return (data with { Volumes = volumes.Volumes }, (await checkingNetwork).Plan);
            }
            catch
            {
                await CleanUpAsync(refused: true);
                throw;
            }

            // Not with the caller's token: the probe goes whatever happens. It may be asked for twice.
            Task<CleanUpDestinationCheck.Response> CleanUpAsync(bool refused) =>
                mediator.Send(new CleanUpDestinationCheck.Request(migrationId, choice.Host, there.Probe, refused), CancellationToken.None);
        }

        /// <summary>Whether disks are copied shows only here; refused before anything is touched.</summary>
        private static void RefuseDiskCopy(LiveMigrationState state, MigrateData data)
        {
            if (data.CopyDisks.Count > 0 && state.Options is { } options
                && TransferContradictions.WithDiskCopy(options, TransferOptionNames.Request) is { } contradiction)
            {
                throw new MigrationPreCheckError(contradiction);
            }
        }

        /// <summary>Files that must be brought: nothing is in their way, and there is room, which is claimed.</summary>
        private async Task<MigrateData> CheckDisksAsync(
            int migrationId, LiveMigrationState state, string destination, MigrateData data, CancellationToken ct)
        {
            if (data.Files.Count == 0)
            {
                return data;
            }

            var checks = await mediator.Send(new CheckDestinationDisks.Request(state.Migration, state.Source, destination, data), ct);
            await mediator.Send(
                new ClaimDiskSpace.Request(migrationId, state.Instance, destination, data.Files, state.DiskOverCommit), ct);
            return checks.MigrateData;
        }

        private async Task SaveAsync(int migrationId, string source, SelectDestinations.Response choice, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var now = time.GetUtcNow().UtcDateTime;
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE migrations SET
                    SourceNode = (SELECT HypervisorHostname FROM compute_nodes WHERE Host = {source}),
                    DestCompute = {choice.Host},
                    DestNode = {choice.Node},
                    UpdatedAt = {now}
                WHERE Id = {migrationId}
                """,
                ct);
        }
    }
}
