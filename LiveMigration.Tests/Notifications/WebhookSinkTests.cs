using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LiveMigration.Api.Notifications;
using LiveMigration.Core.Drivers;
using LiveMigration.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>A real receiver on loopback.</summary>
public sealed class WebhookSinkTests
{
    private const string Secret = "the secret of this receiver";
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task A_receiver_that_answers_500_for_a_while_gets_a_whole_move_in_order()
    {
        var refusals = 2;
        await using var receiver = await Receiver.StartAsync(_ => Interlocked.Decrement(ref refusals) >= 0 ? 500 : 204);
        using var sink = new WebhookSink(receiver.Settings, Secret, TimeProvider.System);
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"), sinks: sink);

        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));
        await plane.UntilAsync(() => receiver.Taken.Count == 8, "all have arrived");

        var events = receiver.Taken.Select(post => post.Headers["X-LiveMigration-Event"]).ToList();
        Assert.Equal("scheduler.select_destinations.start", events[0]);
        Assert.Equal("compute.instance.live_migration._post.end", events[^1]);
    }

    [Fact]
    public async Task The_receiver_can_prove_who_sent_it_and_when()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        using var sink = new WebhookSink(receiver.Settings, Secret, time);

        await sink.SendAsync(Message("{\"ä\":1}"), CancellationToken.None);

        var post = Assert.Single(receiver.Taken);
        Assert.Equal("1800000000", post.Headers["X-LiveMigration-Timestamp"]);
        Assert.Equal(
            "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes("1800000000.{\"ä\":1}"))),
            post.Headers["X-LiveMigration-Signature"]);
        Assert.Equal("{\"ä\":1}", post.Body);
        Assert.Equal("application/json; charset=utf-8", post.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Only_a_2xx_counts_as_taken_and_a_redirect_is_not_followed(int status)
    {
        await using var receiver = await Receiver.StartAsync(_ => status);
        using var sink = new WebhookSink(receiver.Settings, Secret, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => sink.SendAsync(Message("{}"), CancellationToken.None));

        Assert.Equal($"{receiver.Settings.Url.Authority} answered {status}", refused.Message);
        Assert.Single(receiver.Seen);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_given_up()
    {
        await using var receiver = await Receiver.StartAsync(_ => null);
        var time = new FakeTimeProvider();
        using var sink = new WebhookSink(receiver.Settings, Secret, time);

        var sending = sink.SendAsync(Message("{}"), CancellationToken.None);
        await receiver.Asked;
        time.Advance(receiver.Settings.Timeout);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => sending);
        Assert.Contains("did not answer within 5 s", late.Message, StringComparison.Ordinal);
    }

    private static NotificationMessage Message(string body) => new(1, Guest, "compute.instance.live_migration.pre.start", "INFO", false, "req-1", body);

    /// <summary>What was posted.</summary>
    private sealed record Post(IReadOnlyDictionary<string, string> Headers, string Body);

    /// <summary>A web server that answers with a status, or never.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(Post Post, int? Status)> _posts = [];
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly WebApplication _app;

        private Receiver(Func<Post, int?> answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var post = new Post(
                    context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                    await reader.ReadToEndAsync());
                var status = answer(post);
                _posts.Enqueue((post, status));
                _asked.TrySetResult();
                if (status is null)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                }

                context.Response.StatusCode = status.Value;
                context.Response.Headers.Location = "/elsewhere";
            });
        }

        public Task Asked => _asked.Task;

        public IReadOnlyList<Post> Seen => [.. _posts.Select(entry => entry.Post)];

        public IReadOnlyList<Post> Taken => [.. _posts.Where(entry => entry.Status is >= 200 and < 300).Select(entry => entry.Post)];

        public WebhookSettings Settings => new(new Uri(_app.Urls.Single() + "/hook"), "unused", TimeSpan.FromSeconds(5));

        public static async Task<Receiver> StartAsync(Func<Post, int?> answer)
        {
            var receiver = new Receiver(answer);
            await receiver._app.StartAsync();
            return receiver;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
