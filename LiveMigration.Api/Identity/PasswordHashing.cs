using LiveMigration.Api.Errors;
using LiveMigration.Core.Model;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LiveMigration.Api.Identity;

/// <summary>
/// Hashes and compares passwords slowly (PBKDF2 with HMAC-SHA-512 and a salt, by ASP.NET's own hasher), a few at a time:
/// whoever tries many log-ins keeps others waiting at the log-in, not in the rest of the program.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>The longest password.</summary>
    public const int MaxLength = 1024;

    private const int Iterations = 210_000;
    private const int MaxWaiting = 100;

    private static readonly User Nobody = new() { Id = "", Name = "", CreatedAt = default };

    private readonly PasswordHasher<User> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly SemaphoreSlim _running = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _nobodys;
    private int _waiting;

    public PasswordHashing() => _nobodys = new Lazy<string>(() => _hasher.HashPassword(Nobody, TokenText.New()));

    /// <summary>The hash of a new password.</summary>
    public Task<string> HashAsync(string password, CancellationToken ct) => RunAsync(() => _hasher.HashPassword(Nobody, password), ct);

    /// <summary>Whether a password is the right one; takes as long where there is no hash.</summary>
    public async Task<bool> VerifyAsync(string? hash, string password, CancellationToken ct)
    {
        var right = await RunAsync(
            () => _hasher.VerifyHashedPassword(Nobody, hash ?? _nobodys.Value, password) is not PasswordVerificationResult.Failed, ct);
        return right && hash is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new HttpFault(StatusCodes.Status503ServiceUnavailable, "Too many log-ins at once. Try again in a moment.");
        }

        try
        {
            await _running.WaitAsync(ct);
            try
            {
                return await Task.Run(work, ct);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
