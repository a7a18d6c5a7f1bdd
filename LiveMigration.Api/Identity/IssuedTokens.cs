using System.Collections.Concurrent;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>
/// The tokens that hold. All of them are in memory, so that asking costs no look into the database and a forged one
/// neither; the database has them for after a restart. Giving out and taking back go one after the other: whoever is shut
/// out can't slip in with a log-in that began before.
/// </summary>
internal sealed class IssuedTokens(IDbContextFactory<ControlPlaneDbContext> contexts, ApiSettings settings, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, TokenGrant> _live = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changes = new(1);

    /// <summary>How many one user has at most; with more, the older half goes.</summary>
    public int MostPerUser { get; init; } = 2000;

    /// <summary>How many there are.</summary>
    public int Count => _live.Count;

    /// <summary>Reads those of before the start.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        // Most starts find something, the first one nothing, and the first LINQ query of a process takes its time even then.
        await using var connection = await StateConnection.OpenAsync(settings.DatabasePath, ct);
        if (await connection.FindAsync($"SELECT 1 FROM issued_tokens", ct) is null)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        var roles = new Dictionary<(string User, string Scope), IReadOnlyList<string>>();
        foreach (var token in await db.IssuedTokens.AsNoTracking().Where(token => token.ExpiresAt > now).ToListAsync(ct))
        {
            IReadOnlyList<string> held = [];
            if (token.ScopeId is { } scope && !roles.TryGetValue((token.UserId, scope), out held!))
            {
                held = roles[(token.UserId, scope)] = await RoleNames.OfAsync(db, token.UserId, scope, ct);
            }

            _live[token.Hash] = new TokenGrant(
                token.UserId, token.ScopeId, held, token.Methods, token.AuditIds, token.IssuedAt, token.ExpiresAt);
        }
    }

    /// <summary>What a token says; null when it does not hold.</summary>
    /// <param name="hash">Its hash.</param>
    public TokenGrant? Find(string hash) =>
        _live.TryGetValue(hash, out var grant) && grant.ExpiresAt > time.GetUtcNow().UtcDateTime ? grant : null;

    /// <summary>Gives out a token, if what was proven is still so.</summary>
    /// <returns>The token and what it says; null when the user, the project or the roles are not there any more.</returns>
    public async Task<(string Token, TokenGrant Grant)?> IssueAsync(ControlPlaneDbContext db, TokenProof proof, string? scope, CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            if (!await HoldsAsync(db, proof, scope, ct))
            {
                return null;
            }

            IReadOnlyList<string> roles = scope is null ? [] : await RoleNames.OfAsync(db, proof.UserId, scope, ct);
            if (scope is not null && roles.Count == 0)
            {
                return null;
            }

            await MakeRoomAsync(db, proof.UserId, ct);
            var token = TokenText.New();
            var now = time.GetUtcNow().UtcDateTime;
            var ends = now + settings.Identity.TokenLifetime;
            var audit = TokenText.NewAuditId();
            var grant = new TokenGrant(
                proof.UserId,
                scope,
                roles,
                proof.Parent is { } from ? "token," + string.Join(',', from.Methods.Split(',').Where(method => method is not "token")) : "password",
                proof.Parent is { } first ? $"{audit},{first.AuditIds.Split(',')[^1]}" : audit,
                now,
                proof.Parent is { } parent && parent.ExpiresAt < ends ? parent.ExpiresAt : ends);
            await KeepAsync(db, TokenText.Hash(token)!, grant, ct);
            return (token, grant);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Takes one back.</summary>
    public async Task RevokeAsync(ControlPlaneDbContext db, string hash, CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            _live.TryRemove(hash, out _);
            await db.IssuedTokens.Where(token => token.Hash == hash).ExecuteDeleteAsync(ct);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Saves a change that shuts somebody out, and takes the tokens back with it.</summary>
    /// <param name="db">The change.</param>
    /// <param name="user">Whose tokens; null for everybody's.</param>
    /// <param name="scope">The tokens for where; null for everywhere.</param>
    /// <param name="ct">Gives up.</param>
    public async Task SaveAndRevokeAsync(ControlPlaneDbContext db, string? user, string? scope, CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.IssuedTokens
                .Where(token => (user == null || token.UserId == user) && (scope == null || token.ScopeId == scope))
                .ExecuteDeleteAsync(ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            foreach (var (hash, grant) in _live)
            {
                if ((user is null || grant.UserId.Equals(user, StringComparison.Ordinal))
                    && (scope is null || scope.Equals(grant.ScopeId, StringComparison.Ordinal)))
                {
                    _live.TryRemove(hash, out _);
                }
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Saves a new role, which tokens that are out already have too from then on.</summary>
    public async Task SaveAndRefreshAsync(ControlPlaneDbContext db, string user, string scope, CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            await db.SaveChangesAsync(ct);
            var roles = await RoleNames.OfAsync(db, user, scope, ct);
            foreach (var (hash, grant) in _live)
            {
                if (grant.UserId.Equals(user, StringComparison.Ordinal) && scope.Equals(grant.ScopeId, StringComparison.Ordinal))
                {
                    _live.TryUpdate(hash, grant with { Roles = roles }, grant);
                }
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Forgets those that have ended.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var (hash, grant) in _live)
        {
            if (grant.ExpiresAt <= now)
            {
                _live.TryRemove(hash, out _);
            }
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.IssuedTokens.Where(token => token.ExpiresAt <= now).ExecuteDeleteAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose() => _changes.Dispose();

    private async Task<bool> HoldsAsync(ControlPlaneDbContext db, TokenProof proof, string? scope, CancellationToken ct)
    {
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == proof.UserId, ct);
        if (user is not { Enabled: true } || (proof.PasswordHash is { } proven && !proven.Equals(user.PasswordHash, StringComparison.Ordinal)))
        {
            return false;
        }

        if (proof.ParentHash is { } parent && Find(parent) is null)
        {
            return false;
        }

        return scope is null or RoleAssignment.Domain || await db.Projects.AnyAsync(project => project.Id == scope && project.Enabled, ct);
    }

    // A script that logs in for each command leaves one behind each time; nobody may fill the memory with them.
    private async Task MakeRoomAsync(ControlPlaneDbContext db, string user, CancellationToken ct)
    {
        if (_live.Count < MostPerUser)
        {
            return;
        }

        var held = _live.Where(pair => pair.Value.UserId.Equals(user, StringComparison.Ordinal)).OrderBy(pair => pair.Value.IssuedAt).ToList();
        if (held.Count < MostPerUser)
        {
            return;
        }

        var oldest = held.Take(held.Count / 2).Select(pair => pair.Key).ToList();
        await db.IssuedTokens.Where(token => oldest.Contains(token.Hash)).ExecuteDeleteAsync(ct);
        oldest.ForEach(hash => _live.TryRemove(hash, out _));
    }

    private async Task KeepAsync(ControlPlaneDbContext db, string hash, TokenGrant grant, CancellationToken ct)
    {
        db.IssuedTokens.Add(new IssuedToken
        {
            Hash = hash,
            UserId = grant.UserId,
            ScopeId = grant.ScopeId,
            Methods = grant.Methods,
            AuditIds = grant.AuditIds,
            IssuedAt = grant.IssuedAt,
            ExpiresAt = grant.ExpiresAt,
        });
        await db.SaveChangesAsync(ct);
        _live[hash] = grant;
    }
}

/// <summary>What a user has proven.</summary>
/// <param name="UserId">Who it is.</param>
/// <param name="PasswordHash">The hash that the password was right for; null when a token was the proof.</param>
/// <param name="ParentHash">The hash of the token that was the proof, if it is one of ours; null else.</param>
/// <param name="Parent">What that token says.</param>
internal sealed record TokenProof(string UserId, string? PasswordHash, string? ParentHash, TokenGrant? Parent);
