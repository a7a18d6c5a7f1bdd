using LiveMigration.Core.Conductor;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Simulation;

/// <summary>What came of a history.</summary>
/// <param name="Migrations">Migrations that were accepted.</param>
/// <param name="Violations">What must never be; none when all is well.</param>
/// <param name="Digest">The same for the same history.</param>
internal sealed record Outcome(int Migrations, IReadOnlyList<string> Violations, string Digest);

/// <summary>Plays a script: one thread, one clock, one cloud, one file, and one controller after the other.</summary>
internal sealed class History : IDisposable
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Once nothing more happens, all must be at rest within this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Script _script;
    private readonly string _file;
    private readonly VirtualTime _time = new(Began);
    private readonly SeededIds _ids;
    private readonly SimulatedCloud _cloud;
    private readonly StateDisk _disk = new();
    private readonly DbContextOptions<ControlPlaneDbContext> _reading;
    private readonly PriorityQueue<Action, (TimeSpan At, int Order)> _plan = new();
    private readonly Verdict _verdict;
    private ControllerProcess? _controller;
    private TimeSpan _down;
    private int _planned;
    private int _requests;

    private History(Script script, string file)
    {
        (_script, _file) = (script, file);
        _ids = new SeededIds(new Random(unchecked((int)script.Seed)));
        _cloud = new SimulatedCloud(script.Cloud, _time);
        var options = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        PersistenceModule.Configure(options, file);
        _reading = options.Options;
        _verdict = new Verdict(script, _cloud, () => new ControlPlaneDbContext(_reading));
        foreach (var one in script.Events)
        {
            Plan(one.At, () => Happens(one));
        }
    }

    /// <param name="script">What happens.</param>
    /// <param name="template">A state file that a controller has just made; the history gets a copy of it.</param>
    /// <param name="folder">Where it may keep its file.</param>
    public static async Task<Outcome> PlayAsync(Script script, string template, string folder)
    {
        var file = Path.Combine(folder, "state.db");
        foreach (var old in Directory.GetFiles(folder, "state.db*"))
        {
            File.Delete(old);
        }

        File.Copy(template, file);
        using var history = new History(script, file);
        return await history.RunAsync();
    }

    public void Dispose()
    {
        _cloud.Dispose();
        SqliteConnection.ClearAllPools();
    }

    private async Task<Outcome> RunAsync()
    {
        await BootAsync();
        await PlayAsync(() => _plan.Count == 0, TimeSpan.MaxValue);
        HealAll();
        if (!await RestsWithinAsync(Patience))
        {
            // A guest that writes faster than the link carries is moved for ever where no time-out is set, until somebody has enough.
            foreach (var (guest, migration) in await _verdict.FindUnfinishedAsync())
            {
                Forget(_controller, TryAsync(caller => new AbortLiveMigration.Request(guest, Text(migration), AlsoQueued: true, caller)));
            }

            await RestsWithinAsync(Patience);
        }

        // What failed last of all is noticed to be well again with the hosts' next signs of life.
        var calm = _time.Elapsed + Calm;
        await PlayAsync(() => _time.Elapsed >= calm, calm);

        // Found out before the auditor is asked: it mends what it can.
        var outcome = await _verdict.FindAsync(_controller?.Surprises ?? []);
        if (_controller is null)
        {
            return outcome;
        }

        IReadOnlyList<string> alerts = [];
        if (!_controller.Fate.Dead)
        {
            _controller.Fate.Spare();
            alerts = await _controller.AuditAsync();
        }

        await _controller.DisposeAsync();
        return outcome with { Violations = [.. outcome.Violations, .. alerts.Select(alert => $"alert: {alert}")] };
    }

    private async Task<bool> RestsWithinAsync(TimeSpan patience)
    {
        var end = _time.Elapsed + patience;
        while (!await _verdict.IsAtRestAsync())
        {
            if (_time.Elapsed >= end)
            {
                return false;
            }

            var until = _time.Elapsed + TimeSpan.FromSeconds(10);
            await PlayAsync(() => _time.Elapsed >= until, until);
        }

        return true;
    }

    private async Task PlayAsync(Func<bool> over, TimeSpan until)
    {
        while (true)
        {
            await OneThread.SettleAsync();
            if (_controller is { Fate.Dead: true })
            {
                await BuryAsync();
            }

            if (over())
            {
                return;
            }

            var planned = _plan.TryPeek(out _, out var when) ? when.At : TimeSpan.MaxValue;
            if (_time.Next is { } alarm && alarm <= planned && alarm <= until)
            {
                _time.RingNext();
            }
            else if (planned <= until && planned != TimeSpan.MaxValue)
            {
                _time.PassTo(planned);
                _plan.Dequeue()();
            }
            else
            {
                _time.PassTo(until);
            }
        }
    }

    private async Task BootAsync()
    {
        if (_disk.Trouble != StateTrouble.None)
        {
            // The program says what is the matter and ends; whoever looks after it starts it again.
            Plan(_time.Elapsed + Again, () => Forget(null, BootAsync()));
            return;
        }

        _controller = await ControllerProcess.StartAsync(_cloud, _file, _script.Settings, _time, _ids, new Fate(), _disk);
    }

    private async Task BuryAsync()
    {
        var dead = _controller!;
        _controller = null;
        _verdict.Note(dead.Surprises);
        await dead.DisposeAsync();
        Plan(_time.Elapsed + _down, () => Forget(null, BootAsync()));
    }

    private void Plan(TimeSpan at, Action act) => _plan.Enqueue(act, (at, _planned++));

    private void Happens(ScriptEvent one)
    {
        switch (one)
        {
            case ScriptEvent.Migrate asked:
                Forget(_controller, AskAsync(asked));
                break;
            case ScriptEvent.Abort asked:
                Forget(_controller, SteerAsync(asked.Guest, (id, caller) => new AbortLiveMigration.Request(asked.Guest, id, AlsoQueued: true, caller)));
                break;
            case ScriptEvent.Force asked:
                Forget(_controller, SteerAsync(asked.Guest, (id, caller) => new ForceCompleteLiveMigration.Request(asked.Guest, id, caller)));
                break;
            case ScriptEvent.Power asked:
                _verdict.Excuse(asked.Guest);
                Forget(_controller, TryAsync(caller => new RequestPowerAction.Request(asked.Guest, asked.Action, caller)));
                break;
            case ScriptEvent.Reset asked:
                Forget(_controller, TryAsync(caller => new ResetState.Request(asked.Guest, asked.Error, caller)));
                break;
            case ScriptEvent.Delete asked:
                _verdict.Excuse(asked.Guest);
                Forget(_controller, TryAsync(caller => new DeleteServer.Request(asked.Guest, caller)));
                break;
            case ScriptEvent.ClockJump jump:
                _time.JumpBy(jump.By);
                break;
            case ScriptEvent.StateFails fails:
                _disk.Trouble = fails.Trouble;
                Plan(fails.At + fails.For, () => _disk.Trouble = StateTrouble.None);
                break;
            case ScriptEvent.Crash crash:
                _down = crash.Down;
                _controller?.Fate.DoomAfter(crash.Steps);
                break;
            default:
                HappensToCloud(one);
                break;
        }
    }

    private void HappensToCloud(ScriptEvent one)
    {
        switch (one)
        {
            case ScriptEvent.Pause pause:
                PauseByHand(pause);
                break;
            case ScriptEvent.GuestEnds ends:
                EndGuests(ends.Guest, _cloud.Hosts);
                break;
            case ScriptEvent.KillLibvirtd kill:
                _cloud.KillLibvirtd(kill.Host);
                Plan(kill.At + kill.For, () => _cloud.StartLibvirtd(kill.Host));
                break;
            case ScriptEvent.CutControl cut:
                _cloud.CutControl(cut.Host);
                Plan(cut.At + cut.For, () => _cloud.HealControl(cut.Host));
                break;
            case ScriptEvent.CutLink cut:
                _cloud.CutLink(cut.A, cut.B);
                Plan(cut.At + cut.For, () => _cloud.HealLink(cut.A, cut.B));
                break;
            case ScriptEvent.BreakStreams cut:
                _cloud.BreakStream(cut.A, cut.B);
                break;
            case ScriptEvent.Slow slow:
                _cloud.SlowCalls(slow.Host, slow.Delay);
                Plan(slow.At + slow.For, () => _cloud.SlowCalls(slow.Host, TimeSpan.Zero));
                break;
            case ScriptEvent.Refuse refuse:
                _cloud.FailNext(refuse.Host, refuse.Operation, new HypervisorRefused(refuse.Host, "told to fail"));
                break;
            case ScriptEvent.LoseReply lose:
                _cloud.LoseReply(lose.Host, lose.Operation);
                break;
            case ScriptEvent.FillDisk fill:
                _cloud.FillDisk(fill.Host);
                break;
            case ScriptEvent.CutStorage cut:
                _cloud.CutStorage();
                Plan(cut.At + cut.For, _cloud.HealStorage);
                break;
            case ScriptEvent.HostDies dies:
                foreach (var guest in _script.Cloud.Guests)
                {
                    EndGuests(guest.Uuid, [dies.Host]);
                }

                _cloud.KillLibvirtd(dies.Host);
                Plan(dies.At + dies.For, () => _cloud.StartLibvirtd(dies.Host));
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what {one} is.");
        }
    }

    private void HealAll()
    {
        foreach (var host in _cloud.Hosts)
        {
            _cloud.StartLibvirtd(host);
            _cloud.HealControl(host);
            _cloud.HealCalls(host);
            _cloud.SlowCalls(host, TimeSpan.Zero);
            foreach (var other in _cloud.Hosts.Where(other => other != host))
            {
                _cloud.HealLink(host, other);
            }
        }

        _cloud.HealStorage();
        _disk.Trouble = StateTrouble.None;
    }

    private void PauseByHand(ScriptEvent.Pause pause)
    {
        foreach (var host in _cloud.WhereRuns(pause.Guest).Where(host => _cloud.PauseByHand(host, pause.Guest)))
        {
            Plan(pause.At + pause.For, () => ResumeByHand(pause.Guest, tries: 300));
        }
    }

    private void ResumeByHand(Guid guest, int tries)
    {
        if (!_cloud.Hosts.Any(host => _cloud.ResumeByHand(host, guest)) && _cloud.WhereRuns(guest).Count == 0 && tries > 0)
        {
            // It is being moved just now, and libvirt would not have it.
            Plan(_time.Elapsed + Again, () => ResumeByHand(guest, tries - 1));
        }
    }

    private void EndGuests(Guid guest, IReadOnlyList<string> hosts)
    {
        foreach (var host in hosts.Where(host => _cloud.Knows(host, guest)))
        {
            _verdict.Excuse(guest);
            _cloud.KillQemu(host, guest);
        }
    }

    private async Task AskAsync(ScriptEvent.Migrate asked)
    {
        if (_controller is not { } controller)
        {
            return;
        }

        try
        {
            var answer = await controller.SendAsync(new StartLiveMigration.Request(
                asked.Guest, asked.Host, Scheduled: true, asked.Block, DiskOverCommit: null, WaitForChecks: false, Caller(), asked.Options));
            _verdict.NoteAccepted(asked.Guest, answer.MigrationId);
        }
        catch (ControlPlaneException)
        {
            // Refused: said, and nothing begun.
        }
    }

    private async Task TryAsync<T>(Func<Caller, MediatR.IRequest<T>> request)
    {
        if (_controller is not { } controller)
        {
            return;
        }

        try
        {
            await controller.SendAsync(request(Caller()));
        }
        catch (ControlPlaneException)
        {
            // Refused: said, and nothing begun.
        }
    }

    private async Task SteerAsync<T>(Guid guest, Func<string, Caller, MediatR.IRequest<T>> request)
    {
        if (_controller is not { } controller || _verdict.LatestOf(guest) is not { } migration)
        {
            return;
        }

        try
        {
            await controller.SendAsync(request(Text(migration), Caller()));
        }
        catch (ControlPlaneException)
        {
            // It had ended, or was past it.
        }
    }

    private static string Text(int migration) => migration.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Caller Caller() => new($"req-{++_requests:D4}", "operator", "project", IsAdmin: true);

    /// <summary>Work of which nobody waits for the end; what goes wrong in it is noted.</summary>
    private void Forget(ControllerProcess? asked, Task work) => _ = WatchAsync(asked, work);

    private async Task WatchAsync(ControllerProcess? asked, Task work)
    {
        try
        {
            await work;
        }
        catch (Exception exception)
        {
            // Whoever asked a process that died gets no answer; one that can't use its state file says so.
            if (asked is not { Fate.Dead: true } && SqliteFaults.Explain(exception) is null)
            {
                _verdict.Note([exception.ToString()]);
            }
        }
    }
}
