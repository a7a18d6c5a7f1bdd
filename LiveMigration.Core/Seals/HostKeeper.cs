using System.Data.Common;
using LiveMigration.Core.Alerts;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Seals;

/// <summary>
/// Sees to it that this controller acts only on hosts that carry its seal. A host with another controller's seal is to us as
/// one that does not answer; it is taken over only if the operator has said from whom. A host that was ours and was taken
/// over is not taken back: two that took turns would be worse than one that stands aside.
/// </summary>
public sealed partial class HostKeeper(
    IHostSeals seals,
    ControllerIdentity me,
    ControllerSettings settings,
    RecordsClock clock,
    RecordsLoss loss,
    AlertBook book,
    TimeProvider time,
    ILogger<HostKeeper> logger)
{
    /// <summary>How often a seal is renewed, so that others can see that we live.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromMinutes(1);

    /// <summary>How old a look at the seal may be when something is to be destroyed or a transfer begun.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SeemsDead = 5 * RenewEvery;
    private readonly Lock _gate = new();
    private long _records;
    private long _beyond;
    private readonly Dictionary<string, Post> _posts = new(StringComparer.Ordinal);

    /// <summary>Why we must not act on a host; null when we may, or when that is not known yet. Asks nobody.</summary>
    public string? WhyNot(string host) => PostOf(host).WhyNot;

    /// <summary>Whether the host is known to carry our seal. Asks nobody.</summary>
    public bool IsOurs(string host) => PostOf(host) is { WasOurs: true, WhyNot: null };

    /// <summary>Passes when the host carries our seal; the first to come puts it there.</summary>
    /// <exception cref="HypervisorUnavailable">Another controller holds the host, or it can't be asked.</exception>
    public async ValueTask EnterAsync(string host, CancellationToken ct)
    {
        var post = PostOf(host);
        if (!post.IsKnown)
        {
            await CheckAsync(post, ct);
        }

        ThrowIfBarred(post);
    }

    /// <summary>The same before something that can't be taken back: the seal is looked at again unless that was just done.</summary>
    /// <exception cref="HypervisorUnavailable">Another controller holds the host, or it can't be asked.</exception>
    public async ValueTask EnterToActAsync(string host, CancellationToken ct)
    {
        var post = PostOf(host);
        if (!post.IsKnown || time.GetElapsedTime(post.CheckedAt) > Fresh)
        {
            await CheckAsync(post, ct);
        }

        ThrowIfBarred(post);
    }

    /// <summary>Throws when the host is known to be another's. Asks nobody.</summary>
    /// <exception cref="HypervisorUnavailable">It is.</exception>
    public void Demand(string host) => ThrowIfBarred(PostOf(host));

    /// <summary>Looks at the host's seal, and renews ours when it is time. A host that can't be asked now is looked at later.</summary>
    public async Task WatchAsync(string host, CancellationToken ct)
    {
        try
        {
            await CheckAsync(PostOf(host), ct);
        }
        catch (HypervisorUnavailable)
        {
            // Whoever asks it for something will hear it, too.
        }
    }

    /// <summary>The connection was lost: what the seal says must be read again before anything else.</summary>
    public void Forget(string host) => PostOf(host).IsKnown = false;

    private static void ThrowIfBarred(Post post)
    {
        if (post.WhyNot is { } reason)
        {
            throw new HypervisorUnavailable(post.Host, reason);
        }
    }

    private Post PostOf(string host)
    {
        lock (_gate)
        {
            return _posts.TryGetValue(host, out var post) ? post : _posts[host] = new Post(host);
        }
    }

    private async Task CheckAsync(Post post, CancellationToken ct)
    {
        if (post.IsLost)
        {
            return;
        }

        var asked = time.GetTimestamp();
        await post.Turn.WaitAsync(ct);
        try
        {
            if (post.IsKnown && post.CheckedAt > asked)
            {
                // Somebody else has looked while we waited for our turn.
                return;
            }

            await LookAsync(post, ct);
            (post.CheckedAt, post.IsKnown) = (time.GetTimestamp(), true);
        }
        catch (HypervisorRefused refused) when (post.WhyNot is null)
        {
            // A host that can't keep a seal is no worse off than all were before there were seals.
            (post.CheckedAt, post.IsKnown, post.WhyNot) = (time.GetTimestamp(), true, null);
            Raise(post, AlertKind.HostUnsealed, $"{post.Host} can't keep a controller's seal, so a second controller that is started by mistake would act on it, too: {refused.Message} libvirt's secret driver does it.");
        }
        finally
        {
            post.Turn.Release();
        }
    }

    private async Task LookAsync(Post post, CancellationToken ct)
    {
        var seal = await seals.FindAsync(post.Host, ct);
        if (seal is null)
        {
            seal = await PlaceAsync(post, ct);
        }
        else if (seal.Controller == me.Id)
        {
            if (post.WasOurs && seal.Run != me.Name)
            {
                Lose(post, seal, $"another process of this very controller ({me.Id}, {seal.Place}) acts on {post.Host}: its state folder was copied. Stop one of the two; start this one again if it is to go on");
                return;
            }

            if (!post.WasOurs && seal.Run != me.Name)
            {
                await CompareRecordsAsync(seal, ct);
            }

            seal = seal.Run != me.Name || time.GetElapsedTime(post.RenewedAt) >= RenewEvery ? await PlaceAsync(post, ct) : seal;
        }
        else if (!post.WasOurs && settings.TakesOverFrom(seal.Controller))
        {
            LogTakesOver(post.Host, seal.Controller, seal.Place);
            await seals.RemoveAsync(post.Host, seal.Controller, ct);
            seal = await PlaceAsync(post, ct);
        }

        if (seal.Controller == me.Id)
        {
            (post.WasOurs, post.WhyNot) = (true, null);
            Settle(post);
        }
        else if (post.WasOurs)
        {
            Lose(post, seal, $"{Named(seal)} has taken {post.Host} over, and this one no longer acts on it. Stop one of the two; to take it back, start this one again with {Remedy(seal)}");
        }
        else
        {
            Bar(post, seal);
        }
    }

    /// <summary>The host remembers how far our records had come when we last acted on it.</summary>
    private async Task CompareRecordsAsync(HostSeal seal, CancellationToken ct)
    {
        var ours = await clock.StartedAtAsync(ct);
        if (ours >= seal.Records)
        {
            return;
        }

        _beyond = Math.Max(_beyond, seal.Records);
        LogRecordsLost(ours, seal.Records, seal.WrittenAt);
        await loss.NoteAsync(
            $"At {time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} the records were found to be older than the hosts: they had come to {ours}, and to {seal.Records} "
            + $"when the hosts were last acted on, at {seal.WrittenAt:yyyy-MM-dd'T'HH:mm:ss'Z'}. The state file was lost, or restored from a copy.",
            ct);
    }

    private async Task<HostSeal> PlaceAsync(Post post, CancellationToken ct)
    {
        try
        {
            _records = await clock.TickAsync(_beyond, ct);
        }
        catch (DbException)
        {
            // A database that can't be written now is said elsewhere; the host is ours all the same.
        }

        var placed = await seals.PlaceAsync(
            post.Host,
            new HostSeal(me.Id, me.Name, ++post.Count, me.Place, time.GetUtcNow().UtcDateTime) { Records = Math.Max(_records, _beyond) },
            ct);
        post.RenewedAt = time.GetTimestamp();
        return placed;
    }

    private void Bar(Post post, HostSeal seal)
    {
        if (post.Other is null || post.Other.Controller != seal.Controller)
        {
            (post.Other, post.OtherSince, post.OtherLives) = (seal, time.GetTimestamp(), false);
        }
        else if (post.Other.Count != seal.Count || post.Other.Run != seal.Run)
        {
            (post.Other, post.OtherSince, post.OtherLives) = (seal, time.GetTimestamp(), true);
        }

        var silent = time.GetElapsedTime(post.OtherSince) >= SeemsDead;
        var life = silent ? " It has not renewed its seal for as long as we look and may be dead."
            : post.OtherLives ? " It lives: it renews its seal." : "";
        var first = post.WhyNot is null;
        post.WhyNot = $"{Named(seal)} holds {post.Host}, and this one does not act on it.{life} Stop one of the two; if this one is to have the host, start it with {Remedy(seal)}";
        Raise(post, AlertKind.HostHeldByAnother, post.WhyNot);
        if (first)
        {
            LogBarred(post.Host, seal.Controller, seal.Place);
        }
    }

    private void Lose(Post post, HostSeal seal, string reason)
    {
        (post.IsLost, post.WhyNot) = (true, reason);
        LogLost(post.Host, seal.Controller, seal.Place);
        Raise(post, AlertKind.HostTakenOver, reason);
    }

    private void Raise(Post post, AlertKind kind, string text) =>
        book.Update([new Finding(kind, post.Host, text) { Hosts = [post.Host] }], judged: finding => IsOf(finding, post));

    private void Settle(Post post) => book.Update([], judged: finding => IsOf(finding, post));

    private static bool IsOf(Finding finding, Post post) =>
        finding.Subject == post.Host && finding.Kind is AlertKind.HostHeldByAnother or AlertKind.HostTakenOver or AlertKind.HostUnsealed;

    private static string Named(HostSeal seal) =>
        $"controller {seal.Controller} ({seal.Place}; last renewed {seal.WrittenAt:yyyy-MM-dd'T'HH:mm:ss'Z'} by its clock)";

    private static string Remedy(HostSeal seal) => $"--{ControllerSettings.Section}:{nameof(ControllerSettings.TakeOverFrom)}={seal.Controller}";

    [LoggerMessage(LogLevel.Warning, "Host {Host} is taken over from controller {Controller} ({Place}), as the settings say")]
    private partial void LogTakesOver(string host, Guid controller, string place);

    [LoggerMessage(LogLevel.Critical, "The records are older than the hosts ({Ours} instead of {Theirs}, last {When}): the state file was lost or restored from a copy. Hosts, guests and open moves are recorded anew as the hosts show them")]
    private partial void LogRecordsLost(long ours, long theirs, DateTime when);

    [LoggerMessage(LogLevel.Error, "Host {Host} is not touched: controller {Controller} ({Place}) holds it")]
    private partial void LogBarred(string host, Guid controller, string place);

    [LoggerMessage(LogLevel.Critical, "Host {Host} was taken over by controller {Controller} ({Place}); this one no longer acts on it")]
    private partial void LogLost(string host, Guid controller, string place);

    private sealed class Post(string host)
    {
        public string Host { get; } = host;

        /// <summary>One look at a time.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        public volatile bool IsKnown;

        public volatile bool IsLost;

        public volatile string? WhyNot;

        public bool WasOurs { get; set; }

        public long Count { get; set; }

        public long CheckedAt { get; set; }

        public long RenewedAt { get; set; }

        public HostSeal? Other { get; set; }

        public long OtherSince { get; set; }

        public bool OtherLives { get; set; }
    }
}
