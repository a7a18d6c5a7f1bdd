using LiveMigration.Api.Hosting;
using LiveMigration.Api.Jobs;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>The way from "there is a migration" to "a worker drives it".</summary>
public sealed class MigrationJobsTests
{
    [Fact]
    public async Task A_job_sends_the_migration_to_the_conductor_and_shows_its_summary()
    {
        var mediator = new Mock<IMediator>();
        mediator.Setup(m => m.Send(new RunMigration.Request(7), It.IsAny<CancellationToken>())).ReturnsAsync(new RunMigration.Response("completed"));
        var waiting = new WaitingMigrations();
        waiting.Add(7);
        Assert.Equal("completed", await new MigrationJobs(mediator.Object, waiting).Run(7, TestContext.Current.CancellationToken));
        Assert.True(waiting.Add(7));
    }

    [Fact]
    public async Task What_is_unfinished_is_taken_up_at_start_and_every_second_and_a_failure_does_not_end_it()
    {
        var time = new FakeTimeProvider();
        var queue = new Mock<IMigrationQueue>();
        var servers = new Mock<IInstanceQueue>();
        var doomed = Guid.Parse(Scene.Idle);
        var asked = 0;
        var mediator = new Mock<IMediator>();
        mediator.Setup(m => m.Send(It.IsAny<FindUnfinishedMigrations.Request>(), It.IsAny<CancellationToken>()))
            .Returns(() => Interlocked.Increment(ref asked) == 2
                ? throw new InvalidOperationException("the database is away")
                : Task.FromResult(new FindUnfinishedMigrations.Response([3, 4])));
        mediator.Setup(m => m.Send(It.IsAny<FindUnfinishedServers.Request>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new FindUnfinishedServers.Response([5], [doomed]));
        await using var services = new ServiceCollection().AddSingleton(mediator.Object).BuildServiceProvider();
        var recovery = new RecoverUnfinishedMigrations(
            services.GetRequiredService<IServiceScopeFactory>(), queue.Object, servers.Object, time, NullLogger<RecoverUnfinishedMigrations>.Instance);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = recovery.RunAsync(stop.Token);
        for (var round = 1; round <= 3; round++)
        {
            await EventuallyAsync(() => Volatile.Read(ref asked) >= round);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await EventuallyAsync(() => Volatile.Read(ref asked) >= 4);
        await stop.CancelAsync();
        await running;
        queue.Verify(q => q.Enqueue(3), Times.AtLeast(2));
        queue.Verify(q => q.Enqueue(4), Times.AtLeast(2));
        servers.Verify(q => q.EnqueueBuild(5), Times.AtLeast(2));
        servers.Verify(q => q.EnqueueDeletion(doomed), Times.AtLeast(2));
    }

    [Fact]
    public async Task A_queued_migration_is_run_by_a_worker_of_the_program_once()
    {
        await using var host = await ApiHost.StartAsync(withWorkers: true);
        var queue = host.Services.GetRequiredService<IMigrationQueue>();
        queue.Enqueue(41);
        queue.Enqueue(41);
        await EventuallyAsync(() => host.Conductor.Requests.OfType<RunMigration.Request>().Any());
        Assert.Equal(new RunMigration.Request(41), host.Conductor.Requests.OfType<RunMigration.Request>().First());
    }

    [Fact]
    public async Task Waiting_for_the_start_ends_with_the_stop()
    {
        using var stop = new CancellationTokenSource();
        using var lifetime = new StartedLifetime(started: false);
        var wait = new Started(lifetime, new FakeTimeProvider()).WaitAsync(stop.Token);
        await stop.CancelAsync();
        Assert.False(await wait);
    }

    [Fact]
    public async Task Background_work_waits_for_the_first_answer()
    {
        using var lifetime = new StartedLifetime();
        var started = new Started(lifetime, new FakeTimeProvider());
        var answer = new TaskCompletionSource();
        var wait = started.WaitAsync(TestContext.Current.CancellationToken);
        var answering = started.Watch(_ => answer.Task)(new DefaultHttpContext());
        Assert.False(wait.IsCompleted);

        answer.SetResult();

        await answering;
        Assert.True(await wait);
    }

    [Fact]
    public async Task Background_work_does_not_wait_for_ever_when_nobody_asks()
    {
        var time = new FakeTimeProvider();
        using var lifetime = new StartedLifetime();
        var wait = new Started(lifetime, time).WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True(await wait);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    private sealed class StartedLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public StartedLifetime(bool started = true)
        {
            if (started)
            {
                _started.Cancel();
            }
        }

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _started.Cancel();

        public void Dispose() => _started.Dispose();
    }
}
