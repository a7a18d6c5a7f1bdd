using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// The link to a host: opened in the background, watched, opened again when it broke. While it is down every
/// call fails at once; while it is up calls wait on threads of the host, and their callers no longer than allowed.
/// Calls that come before it was tried for the first time wait for that.
/// </summary>
internal sealed class HostConnection : IAsyncDisposable
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly LibvirtOptions _options;
    private readonly string _uri;
    private readonly HypervisorEvents _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackOff _backOff;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _supervisor;
    private volatile OpenLink? _open;
    private volatile HostLink _link = HostLink.Untried;

    internal HostConnection(
        string name, string uri, LibvirtOptions options, HypervisorEvents events, TimeProvider time, Random random, ILogger logger)
    {
        Name = name;
        _uri = uri;
        _options = options;
        _events = events;
        _time = time;
        _logger = logger;
        _backOff = new BackOff(random);
        _supervisor = SuperviseAsync(_stopping.Token);
    }

    internal string Name { get; }

    internal HostLink Link => _link;

    /// <summary>Runs a call on one of the host's threads.</summary>
    internal async Task<T> CallAsync<T>(Func<LibvirtConnection, T> call, CancellationToken ct, Guid? guest = null)
    {
        ct.ThrowIfCancellationRequested();
        var open = await CurrentLinkAsync(ct);
        try
        {
            var limit = TimeSpan.FromSeconds(_options.CallTimeoutSeconds);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, open.Lost);
            return await open.RunAsync(call).WaitAsync(limit, _time, waiting.Token);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw Gone(error);
        }
        catch (LibvirtException error)
        {
            throw LibvirtErrors.Translate(Name, error, guest);
        }
        catch (TimeoutException error)
        {
            throw new HypervisorUnavailable(Name, $"no answer within {_options.CallTimeoutSeconds} s", error) { HasTimedOut = true };
        }
    }

    /// <summary>Runs a call that takes as long as it takes, on a thread of its own.</summary>
    internal async Task<T> LongCallAsync<T>(string thread, Func<LibvirtConnection, T> call, CancellationToken ct, Guid? guest = null)
    {
        ct.ThrowIfCancellationRequested();
        var open = await CurrentLinkAsync(ct);
        try
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, open.Lost);
            return await open.RunAloneAsync(thread, Judged).WaitAsync(waiting.Token);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw Gone(error);
        }
        catch (LibvirtException error)
        {
            throw LibvirtErrors.Translate(Name, error, guest);
        }

        // A host that tells of its peer's broken connection is itself there.
        T Judged(LibvirtConnection connection)
        {
            try
            {
                return call(connection);
            }
            catch (LibvirtException error) when (error.Code != ErrorCodes.NoDomain && connection.IsAlive)
            {
                throw new HypervisorRefused(Name, error.Message, error);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            // An attempt to connect can't be interrupted; its thread is a background one.
            await _supervisor.WaitAsync(Farewell, TimeProvider.System, CancellationToken.None);
        }
        catch (TimeoutException)
        {
        }

        _stopping.Dispose();
    }

    /// <summary>What was begun before a restart must not fail only because the controller has not connected yet.</summary>
    private async Task<OpenLink> CurrentLinkAsync(CancellationToken ct)
    {
        try
        {
            await _tried.Task.WaitAsync(TimeSpan.FromSeconds(_options.CallTimeoutSeconds), _time, ct);
        }
        catch (TimeoutException)
        {
            // Told below.
        }

        return _open ?? throw new HypervisorUnavailable(Name, _link.Error ?? "not connected yet");
    }

    private HypervisorUnavailable Gone(Exception error) => new(Name, _link.Error ?? "the connection was lost", error);

    private async Task SuperviseAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                if (await TryOpenAsync(stopping) is { } open)
                {
                    await HoldAsync(open, stopping);
                    stopping.ThrowIfCancellationRequested();
                }

                await Task.Delay(_backOff.Next(), _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _link = new HostLink(Open: false, "the controller is shutting down");
            _tried.TrySetResult();
        }
    }

    private async Task<OpenLink?> TryOpenAsync(CancellationToken stopping)
    {
        try
        {
            var open = await DedicatedThread.RunAsync($"libvirt-{Name}-open", () => OpenLink.Open(_uri, _options, Name, _events));
            if (!stopping.IsCancellationRequested)
                return open;
            await CloseOnOwnThreadAsync(open);
        }
        catch (Exception error)
        {
            if (_link.Open || !string.Equals(_link.Error, error.Message, StringComparison.Ordinal))
                _logger.Unreachable(Name, error.Message);
            Publish(new HostLink(Open: false, error.Message));
            _tried.TrySetResult();
        }

        stopping.ThrowIfCancellationRequested();
        return null;
    }

    private async Task HoldAsync(OpenLink open, CancellationToken stopping)
    {
        var since = _time.GetTimestamp();
        _open = open;
        Publish(new HostLink(Open: true, Error: null));
        _tried.TrySetResult();
        _logger.Connected(Name);
        var period = TimeSpan.FromSeconds(_options.KeepAliveSeconds);
        await using var pulse = _time.CreateTimer(_ => open.CheckAlive(), state: null, period, period);
        try
        {
            _ = open.PrepareSpareAsync();
            var reason = await open.WhenClosedAsync(stopping);
            _open = null;
            Publish(new HostLink(Open: false, reason));
            _logger.Lost(Name, reason);
            if (_time.GetElapsedTime(since) >= Steady)
                _backOff.Reset();
        }
        finally
        {
            _open = null;
            await CloseOnOwnThreadAsync(open);
        }
    }

    // Closing talks to the host, and may hang like any other call.
    private async Task CloseOnOwnThreadAsync(OpenLink open) =>
        await DedicatedThread.RunAsync($"libvirt-{Name}-close", () =>
        {
            open.Dispose();
            return true;
        });

    private void Publish(HostLink link)
    {
        var before = _link;
        _link = link;
        if (before.Open != link.Open)
            _events.Publish(new HostLinkChanged(Name, link));
    }
}
