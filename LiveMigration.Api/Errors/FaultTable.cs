using System.Collections.Frozen;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Errors;

/// <summary>The one table from exceptions to HTTP: what is not in it is a fault of ours, 500.</summary>
internal static class FaultTable
{
    private static readonly FrozenDictionary<Type, int> Statuses = new Dictionary<Type, int>
    {
        [typeof(InstanceNotFound)] = 404,
        [typeof(ComputeHostNotFound)] = 404,
        [typeof(MigrationNotFound)] = 404,
        [typeof(FlavorNotFound)] = 404,
        [typeof(ImageNotFound)] = 400,
        [typeof(FlavorTooSmall)] = 400,
        [typeof(NetworkNotFound)] = 400,
        [typeof(InstanceGroupNotFound)] = 400,
        [typeof(InvalidTransferOptions)] = 400,
        [typeof(InstanceInvalidState)] = 409,
        [typeof(InstanceIsLocked)] = 409,
        [typeof(InvalidMigrationState)] = 400,
        [typeof(NoValidHost)] = 400,
        [typeof(MaxRetriesExceeded)] = 400,
        [typeof(MigrationPreCheckError)] = 400,
        [typeof(UnableToMigrateToSelf)] = 400,
        [typeof(InvalidSharedStorage)] = 400,
        [typeof(InvalidLocalStorage)] = 400,
        [typeof(DestinationHypervisorTooOld)] = 400,
        [typeof(InvalidHypervisorType)] = 400,
        [typeof(ComputeServiceUnavailable)] = 400,
        [typeof(HypervisorUnavailable)] = 503,
        [typeof(VolumeServiceUnavailable)] = 503,
        [typeof(StateStoreUnavailable)] = 503,
    }.ToFrozenDictionary();

    /// <summary>Status and text of an exception; null when it must not be shown.</summary>
    public static (int Status, string Message)? Find(Exception exception, Endpoint? endpoint)
    {
        switch (exception)
        {
            case HttpFault fault:
                return (fault.Status, fault.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return (413, "Request is too large.");
            case BadHttpRequestException bad:
                return (bad.StatusCode, bad.Message);
        }

        var special = endpoint?.Metadata.GetOrderedMetadata<FaultOverride>()
            .FirstOrDefault(entry => entry.Exception == exception.GetType());
        if (special is not null)
        {
            return (special.Status, exception.Message);
        }

        if (Statuses.TryGetValue(exception.GetType(), out var status))
        {
            return (status, exception.Message);
        }

        if (SqliteFaults.Explain(exception) is { } reason)
        {
            return (503, new StateStoreUnavailable(reason).Message);
        }

        // Two requests changed, made or removed the same thing at once; Nova has 500 for some of these.
        return exception is DbUpdateConcurrencyException || SqliteFaults.IsConflict(exception)
            ? (409, "It was changed by another request at the same time. Look at it again, and try again.")
            : null;
    }
}

/// <summary>An endpoint's own status for an exception; Nova maps some differently by operation.</summary>
internal sealed record FaultOverride(Type Exception, int Status);

/// <summary>Declares them.</summary>
internal static class FaultOverrides
{
    public static TBuilder Fault<TBuilder>(this TBuilder endpoint, Type exception, int status)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new FaultOverride(exception, status));
}
