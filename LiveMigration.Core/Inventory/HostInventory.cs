using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Seals;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Inventory;

/// <summary>
/// Keeps the records of hosts and guests as the hosts say: adopts guests that run, notices those that were started,
/// stopped or moved behind our back, and hosts that come and go. Touches no guest. Events make it quick, sweeps make it
/// sure; a host that is away slows nothing but its own records.
/// </summary>
public sealed partial class HostInventory
{
    private readonly IComputeDriver _driver;
    private readonly HostRecords _hosts;
    private readonly GuestRecords _guests;
    private readonly PendingCleanups _cleanups;
    private readonly HostKeeper _keeper;
    private readonly LiveMigrationSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<HostInventory> _logger;

    internal HostInventory(
        IComputeDriver driver,
        HostRecords hosts,
        GuestRecords guests,
        PendingCleanups cleanups,
        HostKeeper keeper,
        LiveMigrationSettings settings,
        TimeProvider time,
        ILogger<HostInventory> logger)
    {
        (_driver, _hosts, _guests, _cleanups, _keeper) = (driver, hosts, guests, cleanups, keeper);
        (_settings, _time, _logger) = (settings, time, logger);
    }

    /// <summary>Goes on until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _hosts.FitConfigurationAsync(ct);
        await Task.WhenAll([HearAsync(ct), .. _driver.Hosts.Select(host => AskAsync(host, ct))]);
    }

    /// <summary>What hosts tell on their own.</summary>
    private async Task HearAsync(CancellationToken ct)
    {
        await foreach (var heard in _driver.WatchAsync(ct))
        {
            if (heard is HostLinkChanged)
            {
                _keeper.Forget(heard.Host);
            }

            await TryAsync(heard.Host, () => heard switch
            {
                HostLinkChanged { Link.Open: true } => MeetAsync(heard.Host, ct),
                HostLinkChanged lost => _hosts.NoteLinkAsync(lost.Host, lost.Link, ct),
                GuestChanged changed => _guests.LookAsync(changed.Host, changed.Guest, ct),
                _ => Task.CompletedTask,
            });
        }
    }

    /// <summary>What they are asked in any case.</summary>
    private async Task AskAsync(string host, CancellationToken ct)
    {
        long? swept = null;
        while (true)
        {
            await TryAsync(host, async () =>
            {
                await _keeper.WatchAsync(host, ct);
                var link = _driver.GetLink(host);
                if (link == HostLink.Untried)
                {
                    // The record says how it was before this start, until more is known.
                    swept = null;
                }
                else if (!link.Open)
                {
                    await _hosts.NoteLinkAsync(host, link, ct);
                    swept = null;
                }
                else if (swept is null || _time.GetElapsedTime(swept.Value).TotalSeconds >= _settings.SweepIntervalSeconds)
                {
                    await MeetAsync(host, ct);
                    swept = _time.GetTimestamp();
                }
                else
                {
                    await _hosts.NoteFactsAsync(host, await _driver.GetHostFactsAsync(host, ct), ct);
                    if (_cleanups.AreKnownOn(host))
                    {
                        await _cleanups.TryAgainAsync(host, ct);
                    }
                }
            });
            await Task.Delay(TimeSpan.FromSeconds(_settings.ReportIntervalSeconds), _time, ct);
        }
    }

    private async Task MeetAsync(string host, CancellationToken ct)
    {
        await _hosts.NoteFactsAsync(host, await _driver.GetHostFactsAsync(host, ct), ct);
        await _guests.SweepAsync(host, ct);
        await _cleanups.TryAgainAsync(host, ct);
    }

    /// <summary>One host's trouble, or the database's, must not end the watch over the others.</summary>
    private async Task TryAsync(string host, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (HypervisorUnavailable away)
        {
            LogAway(host, away.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogTrouble(exception, host);
        }
    }

    [LoggerMessage(LogLevel.Information, "Host {Host} can't be asked: {Reason}")]
    private partial void LogAway(string host, string reason);

    [LoggerMessage(LogLevel.Error, "The records of host {Host} could not be brought up to date")]
    private partial void LogTrouble(Exception exception, string host);
}
