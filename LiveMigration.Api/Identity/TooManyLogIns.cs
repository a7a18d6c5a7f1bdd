using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Identity;

/// <summary>Too many log-ins have failed, 429.</summary>
internal sealed class TooManyLogIns(TimeSpan wait) : HttpFault(
    StatusCodes.Status429TooManyRequests, $"Too many log-ins have failed. Try again in {SecondsOf(wait)} seconds.")
{
    /// <summary>How long to wait.</summary>
    public int Seconds { get; } = SecondsOf(wait);

    private static int SecondsOf(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
