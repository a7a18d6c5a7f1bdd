using System.Net.Sockets;

namespace LiveMigration.Lab;

/// <summary>
/// Says of a controller that dies while it is being connected to what is said of one that is not there: .NET asks the
/// fresh socket whom it is connected to, and lets that error out as it is.
/// </summary>
internal sealed class EarlyDeaths() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException gone)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, gone.Message, gone);
        }
    }
}
