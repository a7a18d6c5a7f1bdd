namespace LiveMigration.Api.Errors;

/// <summary>An error that only exists at the HTTP border: a status and the text that Nova gives with it.</summary>
internal class HttpFault(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static HttpFault BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static HttpFault NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    /// <summary>A marker that the list does not hold, in the words of servers and hypervisors.</summary>
    public static HttpFault UnknownMarker(string marker) => BadRequest($"marker [{marker}] not found");
}
