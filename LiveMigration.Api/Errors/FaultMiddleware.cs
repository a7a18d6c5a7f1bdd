using LiveMigration.Api.Microversions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace LiveMigration.Api.Errors;

/// <summary>Turns whatever is thrown below it into a fault; logs what must not be shown, once, with the request's id.</summary>
internal sealed partial class FaultMiddleware(RequestDelegate next, ILogger<FaultMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer.
        }
        catch (ConnectionResetException)
        {
            // Nor here: the client has hung up while it still had to send.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IEndpointFeature>()?.Endpoint;
        context.Response.Clear();
        if (FaultTable.Find(exception, endpoint) is var (status, message))
        {
            if (status >= 500)
            {
                Unavailable(context.Nova().RequestId, message);
            }

            await NovaFault.WriteAsync(context, status, message);
            return;
        }

        Unexpected(context.Nova().RequestId, context.Request.Method, context.Request.Path, exception);
        await NovaFault.WriteAsync(
            context,
            StatusCodes.Status500InternalServerError,
            $"Unexpected API Error. Please contact the administrator and name the request {context.Nova().RequestId}.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{RequestId}: {Method} {Path} failed unexpectedly.")]
    private partial void Unexpected(string requestId, string method, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RequestId}: answered 503: {Reason}")]
    private partial void Unavailable(string requestId, string reason);
}
