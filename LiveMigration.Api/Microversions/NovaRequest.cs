using LiveMigration.Api.Audit;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Microversions;

/// <summary>What the pipeline has found out about a request; slices read it.</summary>
internal sealed class NovaRequest(string requestId)
{
    /// <summary>This request's own id, <c>req-</c> and a UUID.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>The version in force.</summary>
    public Microversion Version { get; set; } = Microversion.Lowest;

    /// <summary>True below <c>/v2</c>: no microversions, unknown keys of a body are dropped instead of refused.</summary>
    public bool Legacy { get; set; }

    /// <summary>The project named in the path, if one was.</summary>
    public string? ProjectInPath { get; set; }

    /// <summary>The path as the client wrote it.</summary>
    public string OriginalPath { get; set; } = "";

    /// <summary>Who asks; set behind the authentication.</summary>
    public Caller? Caller { get; set; }

    /// <summary>Who a log-in says to be, before and unless that is proven.</summary>
    public string? ClaimedUser { get; set; }

    /// <summary>Whose the server is that the path names, once it was looked up.</summary>
    public PolicyTarget? Target { get; set; }

    /// <summary>What was decided on the way, for the audit log.</summary>
    public List<PolicyDecision> Decisions { get; } = [];
}

/// <summary>Gets at it.</summary>
internal static class NovaRequestAccess
{
    public static NovaRequest Nova(this HttpContext context) => context.Features.Get<NovaRequest>()
        ?? throw new InvalidOperationException("The request passed no RequestIdMiddleware.");

    public static Microversion Version(this HttpContext context) => context.Nova().Version;

    public static Caller Caller(this HttpContext context) => context.Nova().Caller
        ?? throw new InvalidOperationException("The endpoint was reached without authentication.");
}
