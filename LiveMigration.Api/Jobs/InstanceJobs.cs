using Hangfire;
using LiveMigration.Core.Conductor;
using MediatR;

namespace LiveMigration.Api.Jobs;

/// <summary>Drives a server's making or removal. The only argument is the id; everything else is in the records.</summary>
public sealed class InstanceJobs(IMediator mediator, WaitingServers waiting)
{
    internal static string KeyOf(int build) => $"build {build}";

    internal static string KeyOf(Guid instance) => $"removal {instance}";

    /// <summary>Drives one build as far as it can go now. Never retried by Hangfire: that is the saga's affair.</summary>
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("build {0}")]
    public async Task<string> Build(int build, CancellationToken ct)
    {
        waiting.Begun(KeyOf(build));
        return (await mediator.Send(new RunBuild.Request(build), ct)).Summary;
    }

    /// <summary>Drives one removal as far as it can go now. It stays in the list of waiting ones until it is through: two at once would only be in each other's way.</summary>
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("removal of server {0}")]
    public async Task<string> Delete(Guid instance, CancellationToken ct)
    {
        try
        {
            return (await mediator.Send(new RunDeletion.Request(instance), ct)).Summary;
        }
        finally
        {
            waiting.Begun(KeyOf(instance));
        }
    }
}
