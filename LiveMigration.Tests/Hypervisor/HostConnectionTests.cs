using System.Diagnostics;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Libvirt;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class HostConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly HypervisorEvents _events = new();

    public HostConnectionTests() => Libvirt.OrSkip();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Calls_run_on_threads_of_the_host()
    {
        await using var host = await OpenAsync();

        var (name, pooled) = await host.CallAsync(_ => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread), Ct);

        Assert.StartsWith("libvirt-host-a-", name, StringComparison.Ordinal);
        Assert.False(pooled);
    }

    [Fact]
    public async Task A_long_call_has_a_thread_of_its_own()
    {
        await using var host = await OpenAsync();

        var (name, pooled) = await host.LongCallAsync(
            "libvirt-long", _ => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread), Ct);

        Assert.Equal("libvirt-long", name);
        Assert.False(pooled);
    }

    [Fact]
    public async Task A_cancelled_token_stops_waiting_not_the_call()
    {
        await using var host = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        using var finished = new ManualResetEventSlim();

        var call = host.CallAsync(
            _ =>
            {
                release.Wait(Ct);
                finished.Set();
                return 0;
            },
            cancelled.Token);
        await cancelled.CancelAsync();

        await Task.WhenAny(call);
        Assert.True(call.IsCanceled);
        Assert.False(finished.IsSet);
        release.Set();
        Assert.True(finished.Wait(TimeSpan.FromSeconds(10), Ct));
    }

    [Fact]
    public async Task A_call_that_hangs_ends_for_its_caller_when_its_time_is_up()
    {
        await using var host = await OpenAsync();
        using var release = new ManualResetEventSlim();
        using var running = new ManualResetEventSlim();

        var call = host.CallAsync(
            _ =>
            {
                running.Set();
                release.Wait(Ct);
                return 0;
            },
            Ct);
        Assert.True(running.Wait(TimeSpan.FromSeconds(10), Ct));
        _time.Advance(TimeSpan.FromSeconds(15));

        await Task.WhenAny(call);
        Assert.IsType<HypervisorUnavailable>(call.Exception?.InnerException);
        release.Set();
    }

    [Fact]
    public async Task A_host_that_is_away_fails_at_once_with_the_last_error()
    {
        await using var host = New(AwayUri(out _));
        await Libvirt.EventuallyAsync(() => host.Link != HostLink.Untried, () => host.Link.ToString());

        var began = Stopwatch.GetTimestamp();
        var error = await Assert.ThrowsAsync<HypervisorUnavailable>(() => host.CallAsync(c => c.IsAlive, Ct));

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1));
        Assert.Contains(host.Link.Error!, error.Message, StringComparison.Ordinal);
        Assert.False(host.Link.Open);
    }

    [Fact]
    public async Task A_call_that_comes_before_the_first_attempt_has_ended_waits_for_it()
    {
        await using var host = New(Libvirt.UriOfOwn(_folder, ""));

        Assert.True(await host.CallAsync(connection => connection.IsAlive, Ct));
        Assert.True(host.Link.Open);
    }

    [Fact]
    public async Task A_host_that_is_away_is_tried_again_ever_more_rarely()
    {
        await using var host = New(AwayUri(out var attempts));
        await AttemptsReachAsync(attempts, 1);

        await RetriedBetweenAsync(attempts, 2, TimeSpan.FromMilliseconds(159), TimeSpan.FromMilliseconds(241));
        await RetriedBetweenAsync(attempts, 3, TimeSpan.FromMilliseconds(319), TimeSpan.FromMilliseconds(481));
        await RetriedBetweenAsync(attempts, 4, TimeSpan.FromMilliseconds(639), TimeSpan.FromMilliseconds(961));
    }

    [Fact]
    public async Task A_host_that_comes_back_is_connected_and_announced()
    {
        var node = Path.Combine(_folder.Path, "late.xml");
        await using var host = New("test://" + node);
        await using var watch = _events.WatchAsync(Ct).GetAsyncEnumerator(Ct);
        var told = watch.MoveNextAsync();
        await Libvirt.EventuallyAsync(() => host.Link != HostLink.Untried, () => host.Link.ToString());

        await File.WriteAllTextAsync(node, "<node/>", Ct);
        await Libvirt.EventuallyAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return host.Link.Open;
            },
            () => host.Link.ToString());

        Assert.True(await told);
        Assert.Equal(new HostLinkChanged("host-a", new HostLink(Open: true, Error: null)), watch.Current);
    }

    private async Task<HostConnection> OpenAsync()
    {
        var host = New(Libvirt.UriOfOwn(_folder, ""));
        await Libvirt.EventuallyAsync(() => host.Link.Open, () => host.Link.ToString());
        return host;
    }

    private HostConnection New(string uri) =>
        new("host-a", uri, new LibvirtOptions(), _events, _time, new Random(1), NullLogger.Instance);

    private string AwayUri(out string attempts)
    {
        attempts = Path.Combine(_folder.Path, "attempts");
        var command = Path.Combine(_folder.Path, "away");
        File.WriteAllText(command, $"#!/bin/sh\necho tried >>'{attempts}'\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return "test+ext:///default?command=" + Uri.EscapeDataString(command);
    }

    private async Task RetriedBetweenAsync(string attempts, int count, TimeSpan earliest, TimeSpan latest)
    {
        // The attempt before has failed when the script has run, but the delay begins a moment later.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct);
        _time.Advance(earliest);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
        Assert.Equal(count - 1, Attempts(attempts));
        _time.Advance(latest - earliest);
        await AttemptsReachAsync(attempts, count);
    }

    private static async Task AttemptsReachAsync(string attempts, int count) =>
        await Libvirt.EventuallyAsync(() => Attempts(attempts) >= count, () => $"{Attempts(attempts)} attempts");

    private static int Attempts(string file) => File.Exists(file) ? File.ReadAllLines(file).Length : 0;
}
