namespace LiveMigration.Api.Hosting;

/// <summary>Work that goes on beside the requests, as long as the program does.</summary>
internal interface IBackgroundWork
{
    /// <summary>Goes on until it is told to stop.</summary>
    Task RunAsync(CancellationToken ct);
}
